import type { Catalog } from "../../catalog/catalog.ts";
import { type BackupType, claimLabel, readFinishedBackups, readKnownLabels } from "../../catalog/history.ts";
import { readInventory } from "../../catalog/inventory.ts";
import { readManifestPartitions, readManifestTables, writeManifest } from "../../catalog/manifest.ts";
import { insertRun } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import { chooseBaselines } from "../../planning/backup/baseline.ts";
import {
  type BackupPlan,
  type BackupQuestion,
  type Baseline,
  type PlannedBackup,
  planBackup,
} from "../../planning/backup/plan.ts";
import { groupEntries, groupScopes, selectTables } from "../../planning/backup/selection.ts";
import { chain, coveredTables } from "../../planning/coverage.ts";
import { secondsLater } from "../../planning/label.ts";
import { liveTables } from "../../planning/live-table.ts";
import { planHash } from "../../planning/plan-hash.ts";
import { capabilities } from "../../starrocks/capabilities.ts";
import { readClock } from "../../starrocks/observe/clock.ts";
import { readPartitions } from "../../starrocks/observe/partitions.ts";
import { readSnapshot } from "../../starrocks/observe/snapshot.ts";
import { readColumns, readTableConfigs } from "../../starrocks/observe/tables.ts";
import { checkHealth } from "../health.ts";
import type { Progress } from "../progress.ts";
import { verifiedRepository } from "../repository.ts";
import { newRunId } from "../run-id.ts";
import type { ClusterSettings } from "../settings.ts";
import { withCatalog } from "../with-catalog.ts";

export interface BackupRequest {
  readonly group: string;
  readonly type: BackupType;
  /** Label to compare an incremental with; undefined: the group's newest full. */
  readonly baseline: string | undefined;
  readonly name: string | undefined;
  readonly repository: string | undefined;
  readonly dryRun: boolean;
}

export interface BackupPlanned {
  /** Undefined for a dry run: nothing was written. */
  readonly runId: string | undefined;
  readonly planHash: string;
  readonly plan: BackupPlan;
  readonly notes: readonly string[];
}

/**
 * Plans a backup run: reads the cluster in a fixed number of statements, decides, and (unless it is a dry run) writes
 * the plan, its manifests and its labels into the catalog. The partitions are listed before anything is submitted, so a
 * change in between is backed up twice rather than never.
 */
export async function planBackupRun(
  settings: ClusterSettings,
  request: BackupRequest,
  progress: Progress,
): Promise<BackupPlanned> {
  return await withCatalog(settings, async (catalog) => {
    const { session } = catalog;
    const clock = await readClock(session);
    const health = await checkHealth(session);
    const repository = await verifiedRepository(session, request.repository ?? settings.repository, "write");
    const entries = groupEntries(await readInventory(catalog), request.group);
    const scopes = groupScopes(entries);
    const configs = await readTableConfigs(session, scopes);
    const { selected, skipped } = selectTables(entries, configs);
    if (selected.length === 0)
      throw emptyGroup(
        request.group,
        skipped.map((each) => `${each.object}: ${each.reason}`),
      );
    const columns = await readColumns(session, scopes);
    const partitions = await readPartitions(session, scopes, capabilities(clock.version).versionEpoch);
    progress.say(
      `Listed ${selected.length} tables and ${partitions.length} partitions of group ${request.group}`,
    );
    const question: BackupQuestion = {
      group: request.group,
      type: request.type,
      repository: repository.name,
      plannedAt: clock.now,
      tables: liveTables(selected, { configs, columns, partitions }),
      skipped,
      baselines: request.type === "full" ? new Map() : await readBaselines(catalog, request),
      name: request.name,
    };
    if (request.dryRun) {
      const { plan } = planBackup(question, clock.now);
      return { runId: undefined, planHash: planHash(plan), plan, notes: health.notes };
    }
    const { runId, plan } = await writePlan(catalog, question);
    return { runId, planHash: planHash(plan), plan, notes: health.notes };
  });
}

async function readBaselines(
  catalog: Catalog,
  request: BackupRequest,
): Promise<ReadonlyMap<string, Baseline>> {
  const finished = await readFinishedBackups(catalog, undefined);
  const chosen = [...chooseBaselines(finished, request.group, request.baseline)];
  const byLabel = new Map(finished.map((record) => [record.label, record]));
  const chains = chosen.map(([database, record]) => ({
    database,
    record,
    labels: chain(record.label, byLabel),
  }));
  const labels = chains.flatMap((each) => each.labels);
  const tables = await readManifestTables(catalog, labels);
  const partitions = await readManifestPartitions(catalog, labels);
  return new Map(
    chains.map(({ database, record, labels: ofChain }) => [
      database,
      // A table whose chain is broken is not covered, so it goes whole.
      { label: record.label, tables: coveredTables(ofChain, tables, partitions).tables },
    ]),
  );
}

/** Manifests first, then labels, and the run's row last: only that makes the plan one. */
async function writePlan(
  catalog: Catalog,
  question: BackupQuestion,
): Promise<{ readonly runId: string; readonly plan: BackupPlan }> {
  const runId = newRunId("backup");
  const planned = await claimedPlan(catalog, question, runId);
  await writeManifest(catalog, planned.manifestTables, planned.manifestPartitions);
  await insertRun(catalog, {
    runId,
    operation: "backup",
    state: planned.plan.snapshots.length === 0 ? "NOTHING_TO_DO" : "PLANNED",
    group: question.group,
    planHash: planHash(planned.plan),
    plan: JSON.stringify(planned.plan),
  });
  return { runId, plan: planned.plan };
}

/** Two runs planned in the same second want the same labels; the later one moves on by a second. */
async function claimedPlan(
  catalog: Catalog,
  question: BackupQuestion,
  runId: string,
): Promise<PlannedBackup> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const planned = planBackup(question, secondsLater(question.plannedAt, attempt));
    if (await claimAll(catalog, planned.plan, runId)) return planned;
  }
  throw new BackupError(
    "LABEL_TAKEN",
    "Every label of the next minute is taken.",
    "Run again, or give the run a name of its own.",
    true,
  );
}

async function claimAll(catalog: Catalog, plan: BackupPlan, runId: string): Promise<boolean> {
  if (plan.snapshots.length === 0) return true;
  const labels = plan.snapshots.map((snapshot) => snapshot.label);
  if ((await readKnownLabels(catalog, labels)).size > 0) return false;
  for (const snapshot of plan.snapshots) {
    // Labels are unique per repository, which other clusters and tools may share.
    const inRepository = await readSnapshot(catalog.session, plan.repository, snapshot.label);
    if (inRepository.kind === "complete") return false;
    const { label, database, type, baseline, partitions, rows, bytes } = snapshot;
    const claimed = await claimLabel(catalog, {
      label,
      runId,
      group: plan.group,
      database,
      type,
      repository: plan.repository,
      baseline,
      cutFrom: plan.plannedAt,
      tables: snapshot.tables.length,
      partitions,
      rows,
      bytes,
    });
    if (!claimed) return false;
  }
  return true;
}

function emptyGroup(group: string, reasons: readonly string[]): BackupError {
  return new BackupError(
    "EMPTY_GROUP",
    `Group ${group} has no table that can be backed up (${reasons.join("; ")}).`,
    "Correct the group with the inventory script.",
  );
}
