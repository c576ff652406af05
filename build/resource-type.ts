import { stringify } from "yaml";
import { starrocksResource } from "../lib/windmill/forms/fields.ts";
import { formSchemaOf } from "./schema/form-schema-of.ts";

/** Where the command line looks for it: `<name>.resource-type.yaml`, at the root only. */
export const RESOURCE_TYPE_FILE = "starrocks.resource-type.yaml";

/** The `starrocks` resource type; committed, because users push it with a command of its own. */
export function resourceTypeYaml(): string {
  return stringify(
    { description: "StarRocks cluster (MySQL protocol of the FE)", schema: formSchemaOf(starrocksResource) },
    { lineWidth: 0 },
  );
}
