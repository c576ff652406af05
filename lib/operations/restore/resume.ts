import { conflict, resuming, type Schedule } from "../../planning/restore/schedule.ts";
import { readRealPartitions } from "../../starrocks/observe/partitions.ts";
import { setPropertyStatement } from "../../starrocks/statements/alter.ts";
import type { TableStep } from "./restore-step.ts";

/**
 * Puts the schedule of a table that has become live in force again, unless it would drop a restored partition.
 *
 * @returns what a person should know of the table, with what was left off, and why
 */
export async function resumeSchedule(step: TableStep): Promise<readonly string[]> {
  const { catalog, database, table, planned, progress, record } = step;
  const known = record?.notices ?? [];
  const schedule = record?.schedules?.[planned.parts[0]?.as ?? ""];
  if (schedule === undefined) return known;
  const reason = conflict(
    schedule,
    await readRealPartitions(catalog.session, database, table),
    catalog.clock(),
  );
  if (reason !== undefined) {
    const left = `${namesOf(schedule)} left off: ${reason}`;
    progress.say(`${database}.${table}: ${left}`);
    return [...known, left];
  }
  for (const assignment of resuming(schedule)) {
    await catalog.session.execute(
      setPropertyStatement(database, table, assignment),
      `switch ${assignment[0]} of ${database}.${table} on again`,
    );
  }
  return known;
}

function namesOf(schedule: Schedule): string {
  return resuming(schedule)
    .map(([name]) => name)
    .join(" and ");
}
