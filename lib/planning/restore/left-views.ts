import type { ViewDefinition } from "../../starrocks/observe/views.ts";
import { tableKey } from "../live-table.ts";
import type { Skipped } from "../skipped.ts";
import type { TableName } from "./destination.ts";

/** A restored table that goes to another database or cluster than that of the backups. */
export interface MovedTable {
  readonly source: TableName;
  readonly target: TableName;
}

/**
 * Views that read tables which go elsewhere, and views over these: no backup holds a view, and a view's text names its
 * database (starrocks.md §21.5).
 *
 * @param views of the databases of the backups
 */
export function leftViews(
  moved: readonly MovedTable[],
  views: readonly (ViewDefinition & { readonly materialized: boolean })[],
): readonly Skipped[] {
  const targets = new Map(moved.map(({ source, target }) => [source.database, target.database]));
  const candidates = views.filter((view) => targets.has(view.database));
  const left = new Map<string, (typeof candidates)[number]>();
  let read: readonly TableName[] = moved.map(({ source }) => source);
  while (read.length > 0) {
    const over = candidates.filter(
      (view) => !left.has(tableKey(view)) && read.some((each) => view.reads(each)),
    );
    for (const view of over) left.set(tableKey(view), view);
    read = over;
  }
  return [...left.values()].map((view) => ({
    object: tableKey(view),
    reason: reason(view, targets.get(view.database) ?? view.database),
  }));
}

function reason(
  { database, materialized }: ViewDefinition & { readonly materialized: boolean },
  target: string,
): string {
  const kind = materialized ? "materialized view" : "view";
  const inPlaceOf = target === database ? "" : `, with ${target} in place of ${database} in its text`;
  return `${kind}: no backup holds it, so it does not come along; it can be made in ${target} by what SHOW CREATE ${kind.toUpperCase()} says${inPlaceOf}`;
}
