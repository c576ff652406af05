import { recordNotices } from "../../catalog/restores.ts";
import { isPartOf } from "./hold.ts";
import type { SeenDatabase } from "./observe.ts";
import type { DatabaseStep } from "./restore-step.ts";
import { dropTemporaries, type Leftover } from "./temporary.ts";

/**
 * Drops what nobody needs any more of a run whose tables are over. What cannot be dropped is named in the record of its table:
 * it is no reason to call the restore failed.
 *
 * @returns what is left
 */
export async function sweepTables(
  step: DatabaseStep,
  { view }: SeenDatabase,
  names: readonly string[],
): Promise<readonly Leftover[]> {
  const { catalog, run, database } = step;
  const left = await dropTemporaries(step, names);
  for (const planned of run.plan.tables.filter((each) => each.database === database)) {
    const own = left.filter(({ table }) => isPartOf(planned, table));
    if (own.length === 0) continue;
    const { table } = planned;
    const record = view.restores.find((each) => each.database === database && each.table === table);
    const said = own.map(
      (each) => `${database}.${each.table} is left over, to be dropped by hand (${each.reason})`,
    );
    const notices = [...new Set([...(record?.notices ?? []), ...said])];
    await recordNotices(catalog, { runId: run.runId, database, table }, notices);
  }
  return left;
}
