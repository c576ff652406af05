import { isStillPlanned } from "../../catalog/restores.ts";
import { lookUntil } from "../../look-until.ts";
import type { RestoreAction } from "../../planning/restore/decision.ts";
import { readRestoreJob } from "../../starrocks/observe/jobs.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import type { SeenDatabase } from "./observe.ts";
import type { DatabaseStep } from "./restore-step.ts";
import { dropTemporary } from "./temporary.ts";

type Submission = Extract<RestoreAction, { readonly kind: "submit" }>;

/** A table of a submission with which other executions have got further, and what of the submission nobody needs. */
export interface LateTable {
  readonly superfluous: readonly string[];
}

/**
 * StarRocks knows nothing by which it could refuse the RESTORE of a worker that stood still right before it. So it is
 * looked at afterwards whether the tables had been put together by then.
 *
 * @param seen the database after the submission
 */
export function lateTables(
  { view, tables: { present } }: SeenDatabase,
  submission: Submission,
): readonly LateTable[] {
  return submission.tables.flatMap((planned) => {
    const { database, table } = planned;
    const record = view.restores.find((each) => each.database === database && each.table === table);
    const parts = planned.parts.filter((part) => part.label === submission.label);
    if (!isStillPlanned(record)) return [{ superfluous: parts.map((part) => part.as) }];
    if (!present.has(planned.assembledAs)) return [];
    // The first part has moved on to that name; the others may be in use.
    return [{ superfluous: parts.filter((part) => part === planned.parts[0]).map((part) => part.as) }];
  });
}

/**
 * Drops the tables that the job brings which was submitted just now. That ends the job; a CANCEL could meet another run's.
 */
export async function takeBack(step: DatabaseStep, label: string, late: readonly LateTable[]): Promise<void> {
  const { catalog, database, mark } = step;
  const tables = late.flatMap((each) => each.superfluous);
  await lookUntil(looks, async () => {
    const present = await readTableNames(catalog.session, database, tables, mark);
    const brought = tables.filter((table) => present.has(table));
    for (const table of brought) await dropTemporary(step, table);
    const job = await readRestoreJob(catalog.session, database);
    const isOver = brought.length === tables.length || job?.label !== label || job.phase !== "running";
    return isOver ? "over" : undefined;
  });
}

const looks = { most: 60, pauseMs: 1000 };
