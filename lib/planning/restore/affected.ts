import type { Affected } from "../../catalog/tables/restore-history.ts";
import { tableKey } from "../live-table.ts";
import type { PlannedRestore } from "./restore-plan.ts";

/** What a plan can tell of that before anything is done: views, loads and properties. */
export function expectedEffects(planned: PlannedRestore): readonly Affected[] {
  const { replaces, only, replicationNum } = planned;
  // The live table stays the one it is.
  if (replaces === undefined || only !== undefined) return [];
  const { views = [], plainViews = [], loads = [], colocatedWith, replicas, scheduled } = replaces;
  return [
    ...views.map((object) =>
      effect("materialized_view", object, "is activated again after the table is replaced"),
    ),
    ...plainViews.map((object) => effect("view", object, "reads the restored table, and is checked to")),
    ...loads.map((object) => effect("routine_load", object, loadsGoOn)),
    ...(colocatedWith === undefined
      ? []
      : [
          effect(
            "property",
            "colocate_with",
            `the table is put back into its colocation group ${colocatedWith}`,
          ),
        ]),
    ...(replicas === undefined
      ? []
      : [
          effect(
            "property",
            "replication_num",
            `its partitions have ${replicas[0]} to ${replicas[1]} replicas now: each restored one gets ${replicationNum}`,
          ),
        ]),
    ...(scheduled === undefined
      ? []
      : [
          effect(
            "property",
            "partition schedule",
            "is off while the table is restored, and on again only if that drops nothing restored",
          ),
        ]),
  ];
}

/** A routine load holds the id of its table (starrocks.md §11). */
export const loadsGoOn =
  "goes on loading into the table that is replaced, under its keep name: stop it, and create it anew for the restored one";

function effect(kind: Affected["kind"], object: string, said: string): Affected {
  return { kind, object, said };
}

/** `materialized view shop.daily: …`, one sentence without its end. */
export function affectedText(
  planned: { readonly database: string; readonly table: string },
  each: Affected,
): string {
  const { kind, object, said } = each;
  return kind === "property"
    ? `${tableKey(planned)}, ${object}: ${said}`
    : `${kind.replaceAll("_", " ")} ${object}: ${said}`;
}
