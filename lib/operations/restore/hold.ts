import { type RestoreRecord, recordSchedules } from "../../catalog/restores.ts";
import type { ScheduledTable } from "../../planning/restore/decision.ts";
import type { PlannedRestore } from "../../planning/restore/restore-plan.ts";
import { activeSchedule, silencing } from "../../planning/restore/schedule.ts";
import { tableProperties } from "../../planning/table-properties.ts";
import { readProperties } from "../../starrocks/observe/tables.ts";
import type { Session } from "../../starrocks/session.ts";
import { setPropertyStatement } from "../../starrocks/statements/alter.ts";
import type { DatabaseStep } from "./restore-step.ts";

/** Which of some tables have partitions that come and go by a schedule right now. */
export async function readScheduled(
  session: Session,
  database: string,
  tables: readonly string[],
): Promise<readonly ScheduledTable[]> {
  if (tables.length === 0) return [];
  return scheduledAmong(await readProperties(session, database, tables), () => true);
}

/**
 * The same of properties that were read.
 *
 * @param properties JSON by table
 */
export function scheduledAmong(
  properties: ReadonlyMap<string, string>,
  isMeant: (table: string) => boolean,
): readonly ScheduledTable[] {
  return [...properties]
    .filter(([table]) => isMeant(table))
    .map(([table, properties]) => ({ table, schedule: activeSchedule(tableProperties({ properties })) }))
    .filter(({ schedule }) => Object.keys(schedule).length > 0);
}

/**
 * Switches off what would add and drop partitions of restored tables: the properties travel with a RESTORE, and the FE's
 * scheduler goes by them at its next pass, which may be any moment (starrocks.md §21.1). What they were is recorded first.
 */
export async function holdTables(
  step: DatabaseStep,
  records: readonly RestoreRecord[],
  tables: readonly ScheduledTable[],
): Promise<void> {
  const { catalog, run, database, progress } = step;
  for (const planned of run.plan.tables) {
    if (planned.database !== database) continue;
    const own = tables.filter(({ table }) => isPartOf(planned, table));
    if (own.length === 0) continue;
    const record = records.find((each) => each.database === database && each.table === planned.table);
    const fresh = Object.fromEntries(own.map(({ table, schedule }) => [table, schedule]));
    const restore = { runId: run.runId, database, table: planned.table };
    // What an earlier execution has recorded was read before anything was switched off.
    await recordSchedules(catalog, restore, { ...fresh, ...record?.schedules });
    for (const { table, schedule } of own) {
      progress.say(`Switching off what adds and drops partitions of ${table} by itself`);
      await silence(step, table, schedule);
    }
  }
}

/** Switches a table's schedule off. */
export async function silence(
  { catalog, database }: DatabaseStep,
  table: string,
  schedule: ScheduledTable["schedule"],
): Promise<void> {
  for (const assignment of silencing(schedule)) {
    await catalog.session.execute(
      setPropertyStatement(database, table, assignment),
      `switch off ${assignment[0]} of ${database}.${table}`,
    );
  }
}

/** Whether a table is a part of a planned one, or what the parts are put together in. */
export function isPartOf({ parts, assembledAs }: PlannedRestore, table: string): boolean {
  return assembledAs === table || parts.some((part) => part.as === table);
}
