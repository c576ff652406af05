import type { Catalog } from "../../catalog/catalog.ts";
import { type BackupRecord, readFinishedBackups, readRunBackups } from "../../catalog/history.ts";
import {
  countManifests,
  type ManifestPartition,
  type ManifestTable,
  readLabelsOfTables,
  readManifestPartitions,
  readManifestTables,
} from "../../catalog/manifest.ts";
import { BackupError } from "../../errors.ts";
import { chain, coveredTables } from "../../planning/coverage.ts";
import { groupBy } from "../../planning/group-by.ts";
import { tableKey } from "../../planning/live-table.ts";
import { planHash } from "../../planning/plan-hash.ts";
import {
  candidateBackups,
  completeRun,
  type RestoreTarget,
  type TablePoint,
  tablePoints,
} from "../../planning/restore/point.ts";
import { pointNotes } from "../../planning/restore/point-notes.ts";
import { type PlannedRestore, planTable, type RestorePlan } from "../../planning/restore/restore-plan.ts";
import type { Skipped } from "../../planning/skipped.ts";
import { type BrokenManifest, brokenManifests } from "../../planning/whole-manifests.ts";
import { capabilities } from "../../starrocks/capabilities.ts";
import { readClock } from "../../starrocks/observe/clock.ts";
import { readCreatedColumns } from "../../starrocks/observe/created-columns.ts";
import type { DatabaseScope } from "../../starrocks/observe/scope.ts";
import { readSnapshot } from "../../starrocks/observe/snapshot.ts";
import { readNewestTable } from "../../starrocks/observe/table-ids.ts";
import type { Session } from "../../starrocks/session.ts";
import { checkHealth } from "../step/health.ts";
import { type Planned, recordPlan } from "../step/plan-once.ts";
import type { Planner, PlanningStep } from "../step/planner.ts";
import { verifiedRepository } from "../step/repository.ts";
import { runIdOf, runMark } from "../step/run-id.ts";
import { readLiveTargets } from "./live-targets.ts";
import { recordTables } from "./record-tables.ts";

export interface RestoreRequest {
  readonly target: RestoreTarget;
  readonly dryRun: boolean;
}

/** Plans restore runs: resolves the chain of every wanted table and freezes which snapshot gives which partitions. */
export function restorePlanner(request: RestoreRequest): Planner<RestorePlan> {
  return {
    operation: "restore",
    request,
    // What a silent run has finished is a restore point.
    concerns: (run) => run.operation === "backup",
    plan: (step) => plan(step, request),
    complete: recordTables,
  };
}

async function plan(
  { catalog, progress, job }: PlanningStep<RestorePlan>,
  { target, dryRun }: RestoreRequest,
): Promise<Planned<RestorePlan>> {
  const clock = await readClock(catalog.session);
  const { aliveBackends, notes } = await checkHealth(catalog.session);
  const finished = await readFinishedBackups(catalog, undefined);
  const { points, skipped } = await resolvePoints(catalog, finished, target);
  const repository = await repositoryOf(catalog, finished, points, target.repository);
  const runId = runIdOf(job.prefix);
  const source = await readSource(catalog, finished, points);
  const live = await readLiveTargets(catalog.session, points);
  const mark = runMark(runId);
  const numbered = await readNumbered(catalog.session, clock.version, [...live.keys()]);
  const outcome = points.map((point) =>
    planPoint(point, source, {
      mark,
      plannedAt: clock.now,
      live: live.get(tableKey(point)),
      aliveBackends,
      keepsCounter: numbered.has(tableKey(point)),
    }),
  );
  const plan: RestorePlan = {
    operation: "restore",
    repository,
    plannedAt: clock.now,
    newestTable: await readNewestTable(catalog.session),
    tables: outcome.flatMap((each) => each.planned ?? []),
    skipped: [...skipped, ...outcome.flatMap((each) => each.skipped ?? [])],
  };
  if (plan.tables.length === 0) throw nothingToRestore(plan.skipped);
  await verifySnapshots(catalog, plan);
  progress.say(`Planned the restore of ${plan.tables.length} table(s)`);
  const allNotes = [...notes, ...pointNotes(target, plan, clock.now)];
  if (dryRun) return { runId: undefined, planHash: planHash(plan), plan, notes: allNotes };
  const run = { runId, operation: "restore", state: "PLANNED", group: target.group } as const;
  return { ...(await recordPlan(catalog, job, run, plan)), notes: allNotes };
}

/** Tables that number their rows, where the counter cannot be moved: only what is live tells. */
async function readNumbered(
  session: Session,
  version: string,
  live: readonly string[],
): Promise<ReadonlySet<string>> {
  if (capabilities(version).setsAutoIncrement) return new Set();
  const numbered = new Set<string>();
  for (const key of live) {
    const { database, table } = splitName(key);
    if ((await readCreatedColumns(session, database, table)).autoIncrement !== undefined) numbered.add(key);
  }
  return numbered;
}

async function resolvePoints(
  catalog: Catalog,
  finished: readonly BackupRecord[],
  target: RestoreTarget,
): Promise<{ readonly points: readonly TablePoint[]; readonly skipped: readonly Skipped[] }> {
  const chosen = candidateBackups(finished, target);
  if (target.tables.length > 0) {
    const inManifests =
      target.at.kind === "time"
        ? await readLabelsOfTables(catalog, scopesOf(target.tables.map(splitName)))
        : await readTablesOf(catalog, chosen);
    return { points: tablePoints(chosen, inManifests, target.tables), skipped: [] };
  }
  const isNarrow = target.at.kind === "label" && target.group === undefined;
  const databases = new Set(chosen.map((record) => record.database));
  const ofRun = (await readRunBackups(catalog, chosen[0]?.runId ?? "")).filter(
    (record) => !isNarrow || databases.has(record.database),
  );
  const { candidates, skipped } = completeRun(chosen, ofRun, finished, target);
  const points = tablePoints(candidates, await readTablesOf(catalog, candidates), []);
  return { points, skipped };
}

async function readTablesOf(
  catalog: Catalog,
  backups: readonly BackupRecord[],
): Promise<readonly ManifestTable[]> {
  return await readManifestTables(
    catalog,
    backups.map((record) => record.label),
  );
}

/** A chain lies in one repository; an explicit one is for the case that it has another name on this cluster. */
async function repositoryOf(
  catalog: Catalog,
  finished: readonly BackupRecord[],
  points: readonly TablePoint[],
  wanted: string | undefined,
): Promise<string> {
  const labels = new Set(points.map((point) => point.label));
  const used = [
    ...new Set(finished.filter((record) => labels.has(record.label)).map((record) => record.repository)),
  ];
  const [only, ...others] = used;
  if (wanted === undefined && others.length > 0) {
    throw new BackupError({
      code: "SEVERAL_REPOSITORIES",
      message: `The tables' restore points lie in several repositories: ${used.join(", ")}.`,
      next: "Restore the tables of each repository in a run of its own.",
    });
  }
  return (await verifiedRepository(catalog.session, wanted ?? only, "read")).name;
}

/** Everything of the catalog that the wanted tables' chains need. */
interface Source {
  readonly byLabel: ReadonlyMap<string, BackupRecord>;
  /** By `database.table`. */
  readonly tables: ReadonlyMap<string, readonly ManifestTable[]>;
  readonly partitions: ReadonlyMap<string, readonly ManifestPartition[]>;
}

async function readSource(
  catalog: Catalog,
  finished: readonly BackupRecord[],
  points: readonly TablePoint[],
): Promise<Source> {
  const byLabel = new Map(finished.map((record) => [record.label, record]));
  const labels = [...new Set(points.flatMap((point) => chain(point.label, byLabel)))];
  const records = labels.flatMap((label) => byLabel.get(label) ?? []);
  const [broken] = brokenManifests(records, await countManifests(catalog, labels));
  if (broken !== undefined) throw manifestIncomplete(broken);
  return {
    byLabel,
    tables: groupBy(await readManifestTables(catalog, labels), tableKey),
    partitions: groupBy(await readManifestPartitions(catalog, labels, scopesOf(points)), tableKey),
  };
}

type PointFacts = Pick<
  Parameters<typeof planTable>[0],
  "mark" | "plannedAt" | "live" | "aliveBackends" | "keepsCounter"
>;

function planPoint(
  point: TablePoint,
  source: Source,
  facts: PointFacts,
): { readonly planned?: PlannedRestore; readonly skipped?: Skipped } {
  const key = tableKey(point);
  const labels = chain(point.label, source.byLabel);
  const ofTable = {
    tables: labels.flatMap((label) => (source.tables.get(key) ?? []).filter((each) => each.label === label)),
    partitions: (source.partitions.get(key) ?? []).filter((each) => labels.includes(each.label)),
  };
  const table = coveredTables(labels, ofTable.tables, ofTable.partitions).tables.get(key);
  if (table === undefined) throw brokenChain(key, point.label);
  const planned = planTable({
    ...facts,
    label: point.label,
    cutFrom: source.byLabel.get(point.label)?.cutFrom ?? "",
    cutTo: source.byLabel.get(point.label)?.cutTo ?? "",
    table,
    manifestTables: ofTable.tables,
    manifestPartitions: ofTable.partitions,
    timestamps: new Map(labels.map((label) => [label, source.byLabel.get(label)?.snapshotTimestamp ?? ""])),
  });
  if (planned !== undefined) return { planned };
  return {
    skipped: { object: key, reason: "had no partition at the restore point: there is nothing to restore" },
  };
}

/** A snapshot that is gone must be found out now, not in the middle of the restore. */
async function verifySnapshots(catalog: Catalog, plan: RestorePlan): Promise<void> {
  const parts = plan.tables.flatMap((table) => table.parts);
  for (const label of new Set(parts.map((part) => part.label))) {
    const found = await readSnapshot(catalog.session, plan.repository, label);
    if (found.kind === "complete") continue;
    throw new BackupError({
      code: "SNAPSHOT_MISSING",
      message: `Snapshot ${label} cannot be read in repository ${plan.repository}${found.kind === "unreadable" ? `: ${found.status}` : ""}.`,
      next: "Restore to a point whose snapshots are still there, or bring the snapshot back.",
    });
  }
}

function manifestIncomplete({ label, there }: BrokenManifest): BackupError {
  return new BackupError({
    code: "MANIFEST_INCOMPLETE",
    message: `The manifest of backup ${label} is not whole: ${there}.`,
    next: "Rows of backup_tables or backup_partitions were removed. Restore to a point whose chain does not hold this backup, or bring the rows back.",
  });
}

function splitName(name: string): { readonly database: string; readonly table: string } {
  const dot = name.indexOf(".");
  return { database: name.slice(0, dot), table: name.slice(dot + 1) };
}

function scopesOf(
  tables: readonly { readonly database: string; readonly table: string }[],
): readonly DatabaseScope[] {
  return [...groupBy(tables, (table) => table.database)].map(([database, ofDatabase]) => ({
    database,
    tables: ofDatabase.map((table) => table.table),
  }));
}

function brokenChain(table: string, label: string): BackupError {
  return new BackupError({
    code: "CHAIN_BROKEN",
    message: `The chain of ${table} at ${label} has no whole copy: a backup it stands on is no longer in the catalog.`,
    next: "Restore to another point, and run a full backup to begin a new chain.",
  });
}

function nothingToRestore(skipped: readonly Skipped[]): BackupError {
  return new BackupError({
    code: "NOTHING_TO_RESTORE",
    message: `None of the tables had data at the restore point (${skipped.map((each) => each.object).join(", ")}).`,
    next: "Choose another restore point.",
  });
}
