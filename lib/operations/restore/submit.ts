import { BackupError } from "../../errors.ts";
import type { RestoreAction } from "../../planning/restore/decision.ts";
import { sourceOf } from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { type RestoredTable, restoreStatement } from "../../starrocks/statements/restore.ts";
import { failTables } from "./fail.ts";
import { lateTables, takeBack } from "./late.ts";
import { observeAgain, observeDatabase, type SeenDatabase, submissionsIn } from "./observe.ts";
import { type PartPartitions, readPartPartitions } from "./part-partitions.ts";
import { backupsOf, type DatabaseStep } from "./restore-step.ts";
import { recordSubmission } from "./submissions.ts";

type Submit = Extract<RestoreAction, { readonly kind: "submit" }>;

const timeoutSeconds = 7 * 24 * 3600;

/** What a submission has led to. */
interface Submitted {
  /** What is waited for now. */
  readonly wait: Wait | undefined;
  /** The database, looked at again where the submission may have changed something. */
  readonly seen: SeenDatabase;
}

/**
 * Sends one RESTORE: of one snapshot, every table of the database that needs a part of it, each under its temporary
 * name. Which job the database showed before is recorded first, so that the new one can be told from it.
 */
export async function submitRestore(
  step: DatabaseStep,
  seen: SeenDatabase,
  action: Submit,
): Promise<Submitted> {
  const { catalog, run, database, progress } = step;
  const tables = await selections(step, action);
  if (tables instanceof BackupError) return await refused(step, seen, action, tables);
  const submission = {
    label: action.label,
    before: seen.restoreJob?.identity,
    tables: action.tables.map((each) => each.table),
  };
  await recordSubmission(step, submissionsIn(seen.view), submission);
  progress.say(`Restoring ${tables.map((each) => each.table).join(", ")} from ${action.label}`);
  const statement = restoreStatement({
    database,
    label: action.label,
    repository: run.plan.repository,
    snapshotTimestamp: action.timestamp,
    tables,
    replicationNum: action.tables[0]?.replicationNum ?? 1,
    timeoutSeconds,
  });
  try {
    await catalog.session.execute(statement, `submit the restore of ${action.label} into ${database}`);
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind === "connection") throw error;
    const after = await observeAgain(step, seen);
    if (error.kind === "submit-lock-busy" || error.kind === "job-running")
      return { wait: waitFor(`${database}: ${error.message}`), seen: after };
    if (lateTables(after, action).length > 0) return await withJob(step, after);
    return await refused(step, after, action, error);
  }
  const after = await observeAgain(step, seen);
  const late = lateTables(after, action);
  if (late.length === 0)
    return { wait: waitFor(`${database}: job ${action.label} is in state PENDING`), seen: after };
  // What only some of the tables do not need goes when the run is closed.
  if (late.length === action.tables.length) await takeBack(step, action.label, late);
  return await withJob(step, after);
}

async function withJob(step: DatabaseStep, seen: SeenDatabase): Promise<Submitted> {
  return { wait: undefined, seen: await observeDatabase(step, seen.view) };
}

/** A statement is refused whole, whichever of its tables is the reason: so the first is tried alone, and fails alone. */
async function refused(
  step: DatabaseStep,
  seen: SeenDatabase,
  action: Submit,
  error: BackupError,
): Promise<Submitted> {
  const [first, ...others] = action.tables;
  if (first !== undefined && others.length > 0)
    return await submitRestore(step, seen, { ...action, tables: [first] });
  await failTables(step, action.tables, error.message);
  return { wait: undefined, seen: await observeAgain(step, seen) };
}

/** What the statement says of each table; or why that cannot be known any more. */
async function selections(
  step: DatabaseStep,
  { label, tables }: Submit,
): Promise<readonly RestoredTable[] | BackupError> {
  try {
    return (await readPartPartitions(await backupsOf(step), label, tables)).map(restoredTable);
  } catch (error) {
    if (error instanceof BackupError && error.code === "PLAN_OUTDATED") return error;
    throw error;
  }
}

function restoredTable({ planned, part, names }: PartPartitions): RestoredTable {
  return { table: sourceOf(planned).table, partitions: part.whole ? undefined : names, alias: part.as };
}
