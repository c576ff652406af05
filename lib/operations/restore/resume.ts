import { readRestore } from "../../catalog/restores.ts";
import { conflict, resuming, type Schedule } from "../../planning/restore/schedule.ts";
import { readClock } from "../../starrocks/observe/clock.ts";
import { readRealPartitions } from "../../starrocks/observe/partitions.ts";
import { setPropertyStatement } from "../../starrocks/statements/alter.ts";
import type { TableStep } from "./restore-step.ts";

/**
 * Puts the schedule of a table that has become live in force again, unless it would drop a restored partition.
 *
 * @returns what was left off, and why; undefined: nothing
 */
export async function resumeSchedule(step: TableStep): Promise<string | undefined> {
  const { catalog, run, database, table, planned, progress } = step;
  const record = await readRestore(catalog, { runId: run.runId, database, table });
  const schedule = record?.schedules?.[planned.parts[0]?.as ?? ""];
  if (schedule === undefined) return undefined;
  const { now } = await readClock(catalog.session);
  const reason = conflict(schedule, await readRealPartitions(catalog.session, database, table), now);
  if (reason !== undefined) {
    const left = `${namesOf(schedule)} left off: ${reason}`;
    progress.say(`${database}.${table}: ${left}`);
    return left;
  }
  for (const assignment of resuming(schedule)) {
    await catalog.session.execute(
      setPropertyStatement(database, table, assignment),
      `switch ${assignment[0]} of ${database}.${table} on again`,
    );
  }
  return undefined;
}

function namesOf(schedule: Schedule): string {
  return resuming(schedule)
    .map(([name]) => name)
    .join(" and ");
}
