import { tableKey } from "../live-table.ts";
import type { Baseline } from "./backup-plan.ts";
import type { TableChange } from "./changes.ts";

/**
 * Tables that had rows in what they are compared with and have none now: emptied on purpose, or the accident that backups
 * are for. What StarRocks says of rows lags some minutes.
 *
 * @param baselines by database
 */
export function shrunkNotes(
  changes: readonly TableChange[],
  baselines: ReadonlyMap<string, Baseline>,
): readonly string[] {
  return changes.flatMap(({ table }) => {
    const baseline = baselines.get(table.database);
    const before = baseline?.tables.get(tableKey(table))?.rows ?? 0;
    if (baseline === undefined || before === 0 || table.holds.rows > 0) return [];
    return [
      `${tableKey(table)} has no row now and had about ${before} in ${baseline.label}: if that was no purpose, restore it from there.`,
    ];
  });
}
