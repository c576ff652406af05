import type { Catalog } from "../../catalog/catalog.ts";
import { readFinishedBackups } from "../../catalog/history.ts";
import { readManifestPartitions, readManifestTables } from "../../catalog/manifest.ts";
import { BackupError } from "../../errors.ts";
import { chain, coveredTables } from "../../planning/coverage.ts";
import { tableKey } from "../../planning/live-table.ts";
import { planHash } from "../../planning/plan-hash.ts";
import type { RestoreAction, RestoreObservation } from "../../planning/restore/decision.ts";
import {
  type PlannedRestore,
  partitionsByLabel,
  type RestorePart,
} from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { type RestoredTable, restoreStatement } from "../../starrocks/statements/restore.ts";
import { failTables } from "./fail.ts";
import { lateTables, takeBack } from "./late.ts";
import type { DatabaseStep } from "./restore-step.ts";
import { recordSubmission } from "./submissions.ts";

type Submit = Extract<RestoreAction, { readonly kind: "submit" }>;

const timeoutSeconds = 7 * 24 * 3600;

/**
 * Sends one RESTORE: of one snapshot, every table of the database that needs a part of it, each under its temporary
 * name. Which job the database showed before is recorded first, so that the new one can be told from it.
 *
 * @returns what to wait for when StarRocks is busy
 */
export async function submitRestore(
  step: DatabaseStep,
  seen: RestoreObservation,
  action: Submit,
): Promise<Wait | undefined> {
  const { catalog, run, database, progress } = step;
  const tables = await selections(catalog, seen, action);
  const submission = { label: action.label, before: seen.restoreJob?.identity };
  await recordSubmission(step, submission);
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
    if (error.kind === "submit-lock-busy" || error.kind === "job-running")
      return waitFor(`${database}: ${error.message}`);
    if ((await lateTables(step, action)).length === 0) await failTables(step, seen, error.message);
    return undefined;
  }
  const late = await lateTables(step, action);
  // What only some of the tables do not need goes when the run is closed.
  if (late.length === action.tables.length) await takeBack(step, action.label, late);
  return undefined;
}

/** Rebuilds the partition lists from the manifests and checks them against what was planned and approved. */
async function selections(
  catalog: Catalog,
  seen: RestoreObservation,
  action: Submit,
): Promise<readonly RestoredTable[]> {
  const finished = new Map(
    (await readFinishedBackups(catalog, undefined)).map((record) => [record.label, record]),
  );
  const labels = [...new Set(action.tables.flatMap((planned) => chain(planned.label, finished)))];
  const scopes = [{ database: seen.database, tables: action.tables.map((planned) => planned.table) }];
  const manifestTables = await readManifestTables(catalog, labels);
  const manifestPartitions = await readManifestPartitions(catalog, labels, scopes);
  return action.tables.flatMap((planned) => {
    const part = planned.parts.find((candidate) => candidate.label === action.label);
    const covered = coveredTables(chain(planned.label, finished), manifestTables, manifestPartitions);
    const table = covered.tables.get(tableKey(planned));
    if (part === undefined || table === undefined) throw planOutdated(planned);
    const names = (partitionsByLabel(table).get(part.label) ?? [])
      .map((partition) => partition.partition)
      .sort();
    if (planHash(names) !== part.partitionsHash) throw planOutdated(planned);
    return [restoredTable(planned, part, names)];
  });
}

function restoredTable(planned: PlannedRestore, part: RestorePart, names: readonly string[]): RestoredTable {
  return { table: planned.table, partitions: part.whole ? undefined : names, alias: part.as };
}

function planOutdated(planned: PlannedRestore): BackupError {
  return new BackupError({
    code: "PLAN_OUTDATED",
    message: `The manifests of ${tableKey(planned)} are no longer those the plan was made from.`,
    next: "Plan the restore again.",
  });
}
