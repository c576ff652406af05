import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { RESOURCE_TYPE_FILE, resourceTypeYaml } from "../../build/resource-type.ts";

test("the committed resource type is the one made from the zod object", async () => {
  const committed = fileURLToPath(new URL(`../../${RESOURCE_TYPE_FILE}`, import.meta.url));
  expect(await readFile(committed, "utf8")).toBe(resourceTypeYaml());
});
