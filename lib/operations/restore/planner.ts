import type { Catalog } from "../../catalog/catalog.ts";
import type { BackupRecord } from "../../catalog/history.ts";
import { BackupError } from "../../errors.ts";
import { tableKey } from "../../planning/live-table.ts";
import { planHash } from "../../planning/plan-hash.ts";
import { neededByRestore } from "../../planning/privileges/needed.ts";
import {
  type Destination,
  isInPlace,
  type PlacedPoint,
  placed,
  refuseTaken,
} from "../../planning/restore/destination.ts";
import { choosePartitions, type PartitionChoice, reduced } from "../../planning/restore/partition-choice.ts";
import { checkPartitionFit } from "../../planning/restore/partition-fit.ts";
import type { TablePoint } from "../../planning/restore/point.ts";
import { pointNotes } from "../../planning/restore/point-notes.ts";
import {
  type PlannedRestore,
  planTable,
  type RestorePart,
  type RestorePlan,
  type TwoClusters,
} from "../../planning/restore/restore-plan.ts";
import type { Skipped } from "../../planning/skipped.ts";
import { capabilities } from "../../starrocks/capabilities.ts";
import { readCreatedColumns } from "../../starrocks/observe/created-columns.ts";
import { readCompleteSnapshots, readSnapshot } from "../../starrocks/observe/snapshot.ts";
import { readSurroundings, type Surroundings } from "../../starrocks/observe/surroundings.ts";
import type { Session } from "../../starrocks/session.ts";
import { checkHealth } from "../step/health.ts";
import { onCluster } from "../step/on-cluster.ts";
import { type Planned, recordPlan } from "../step/plan-once.ts";
import type { Planner, PlanningStep } from "../step/planner.ts";
import { checkPrivileges, readHeld, tablesOf } from "../step/privileges.ts";
import { verifiedRepository } from "../step/repository.ts";
import { runIdOf, runMark } from "../step/run-id.ts";
import { type Chains, chainOf, readChains } from "./chains.ts";
import { type RequestedTarget, settleTime } from "./cluster-time.ts";
import { readGrantsAhead } from "./grants-ahead.ts";
import { type LiveTable, liveTarget, readLive } from "./live-targets.ts";
import { affectedBy, checkSpace, differing, estimateOf } from "./preflight.ts";
import { recordTables } from "./record-tables.ts";
import { readHistory, resolvePoints } from "./resolve.ts";
import { noViewsLeft, readViewsLeft } from "./views-left.ts";

export interface RestoreRequest {
  readonly target: RequestedTarget;
  readonly destination: Destination;
  /** Undefined: into the cluster of the backups. */
  readonly clusters: TwoClusters | undefined;
  /** Of the one table; undefined: all. */
  readonly partitions: PartitionChoice | undefined;
  /** In percent. */
  readonly maxDrift: number;
  /** For how long what is replaced is kept; 0: not at all. */
  readonly keepSeconds: number;
  /** Whether nothing is to be live unless everything is. */
  readonly allOrNothing: boolean;
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
  { catalog, backups, progress, job, now }: PlanningStep<RestorePlan>,
  {
    target: asked,
    destination,
    clusters,
    partitions,
    maxDrift,
    keepSeconds,
    allOrNothing,
    dryRun,
  }: RestoreRequest,
): Promise<Planned<RestorePlan>> {
  const { session } = catalog;
  const here = <Result>(work: () => Promise<Result>) => onCluster(session.called, work);
  const { aliveBackends, disks, notes } = await here(() => checkHealth(session));
  const known = (await backups?.()) ?? catalog;
  const { target, notes: timeNotes } = await settleTime(known.session, asked);
  const { finished: read, holders, earlier } = await readHistory(known, target);
  const { rows: finished, unreadable } = read;
  const { points, skipped } = await resolvePoints(known, { finished, holders }, target);
  const wanted = placed(points, destination);
  const repository = await here(() => repositoryOf(catalog, finished, points, target.repository));
  const chains = await readChains(known, finished, points);
  const live = await readLive(session, [...points, ...wanted.map((point) => point.target)]);
  const origins = known === catalog ? live : await readLive(known.session, points);
  await here(async () => refuseTaken(wanted, new Set(live.keys())));
  const around = await readSurroundings(session, [
    ...new Set(wanted.map(({ target: { database } }) => database)),
  ]);
  const runId = runIdOf(job.prefix);
  const found: Found = {
    chains,
    live,
    origins,
    partitions,
    around,
    numbered: await readNumbered(known.session, known.opened.version, origins),
    mark: runMark(runId),
    plannedAt: now,
    aliveBackends,
  };
  const outcome = await here(async () => wanted.map((point) => planPoint(point, found)));
  const tables = outcome.flatMap((each) => each.planned ?? []);
  const there = new Set([...origins.values()].map(({ config }) => config.database));
  const left =
    target.tables.length > 0
      ? noViewsLeft
      : await readViewsLeft(known.session, tables, { elsewhere: clusters !== undefined, there });
  const plan: RestorePlan = {
    operation: "restore",
    repository,
    plannedAt: now,
    ...(target.at.kind === "time" && { askedFor: target.at.time }),
    maxDrift,
    keepSeconds,
    ...(allOrNothing && tables.length > 1 && { allOrNothing }),
    ...(clusters && { clusters }),
    newestTable: around.newestTable,
    tables,
    estimate: estimateOf(tables, disks, clusters === undefined ? earlier : []),
    skipped: [...skipped, ...outcome.flatMap((each) => each.skipped ?? []), ...left.skipped],
  };
  if (plan.tables.length === 0) throw nothingToRestore(plan.skipped);
  await here(async () => checkSpace(plan));
  const needed = neededByRestore(tablesOf(catalog), plan.tables, around.databases, new Set(live.keys()));
  const held = await readHeld(session);
  const privilegeNotes = await here(async () => checkPrivileges(held, needed));
  await here(() => verifySnapshots(catalog, plan));
  progress.say(`Planned the restore of ${plan.tables.length} table(s)`);
  const ofTables = outcome.flatMap((each) => each.notes);
  const allNotes = [
    ...timeNotes,
    ...notes,
    ...unreadable,
    ...privilegeNotes,
    ...(await readGrantsAhead(session, held, tables)),
    ...ofTables,
    ...left.notes,
    ...pointNotes(target, plan, now),
  ];
  if (dryRun) return { runId: undefined, planHash: planHash(plan), plan, notes: allNotes };
  const run = { runId, operation: "restore", state: "PLANNED", group: target.group } as const;
  return { ...(await recordPlan(catalog, job, run, plan)), notes: allNotes };
}

/** Tables that number their rows, where the counter cannot be moved: only what is live tells. */
async function readNumbered(
  session: Session,
  version: string,
  live: ReadonlyMap<string, LiveTable>,
): Promise<ReadonlySet<string>> {
  if (capabilities(version).setsAutoIncrement) return new Set();
  const numbered = new Set<string>();
  for (const [key, { config }] of live) {
    if (config.engine !== "OLAP") continue;
    const { autoIncrement } = await readCreatedColumns(session, config.database, config.table);
    if (autoIncrement !== undefined) numbered.add(key);
  }
  return numbered;
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

/** What planning has found out. */
interface Found
  extends Pick<Parameters<typeof planTable>[0], "mark" | "plannedAt" | "aliveBackends">,
    Pick<RestoreRequest, "partitions"> {
  readonly chains: Chains;
  /** By `database.table`: what is live under the names of the sources and the targets, where the tables go. */
  readonly live: ReadonlyMap<string, LiveTable>;
  /** The same of the sources, where the backups were made. */
  readonly origins: ReadonlyMap<string, LiveTable>;
  readonly around: Surroundings;
  /** Tables that number their rows, where the counter cannot be moved. */
  readonly numbered: ReadonlySet<string>;
}

/** What is planned of one table. */
interface PointOutcome {
  readonly planned?: PlannedRestore;
  readonly skipped?: Skipped;
  readonly notes: readonly string[];
}

function planPoint(
  point: PlacedPoint,
  { chains, live, origins, partitions, around, numbered, ...facts }: Found,
): PointOutcome {
  const key = tableKey(point);
  const { labels, table, manifestTables, manifestPartitions, definition } = chainOf(point, chains);
  const chosen = partitions && choosePartitions(table, partitions, valuesOf(origins.get(key)));
  const wanted = reduced(table, chosen?.names);
  const now = live.get(tableKey(point.target));
  const replaced = now && liveTarget(now, chosen?.names);
  if (chosen !== undefined && isInPlace(point)) {
    const scheduled = replaced?.scheduled === true;
    checkPartitionFit(wanted, now && { values: valuesOf(now), scheduled });
  }
  const record = chains.byLabel.get(point.label);
  const planned = planTable({
    ...facts,
    target: point.target,
    only: chosen?.names,
    label: point.label,
    cutFrom: record?.cutFrom ?? "",
    cutTo: record?.cutTo ?? "",
    table: wanted,
    manifestTables,
    manifestPartitions,
    timestamps: new Map(labels.map((label) => [label, chains.byLabel.get(label)?.snapshotTimestamp ?? ""])),
    live: replaced && {
      ...replaced,
      ...affectedBy(point.target, around),
      ...differing(definition, now),
    },
    keepsCounter: numbered.has(key),
  });
  const notes = chosen?.notes ?? [];
  if (planned !== undefined) return { planned, notes };
  const reason = "had no partition at the restore point: there is nothing to restore";
  return { skipped: { object: key, reason }, notes };
}

function valuesOf(live: LiveTable | undefined): ReadonlyMap<string, string> {
  return new Map(live?.partitions.map((each) => [each.partition, each.value]));
}

/** A snapshot that is gone must be found out now, not in the middle of the restore. */
async function verifySnapshots(catalog: Catalog, plan: RestorePlan): Promise<void> {
  const parts = plan.tables.flatMap((table) => table.parts);
  const labels = [...new Set(parts.map((part) => part.label))];
  const complete = await readCompleteSnapshots(catalog.session, plan.repository, labels);
  for (const label of labels.filter((each) => !complete.has(each))) {
    const found = await readSnapshot(catalog.session, plan.repository, label);
    if (found.kind === "complete") continue;
    throw new BackupError({
      code: "SNAPSHOT_MISSING",
      message: `Snapshot ${label} cannot be read in repository ${plan.repository}${found.kind === "unreadable" ? `: ${found.status}` : ""}.`,
      next: "Restore to a point whose snapshots are still there, or bring the snapshot back.",
    });
  }
  const other = parts.find(({ label, timestamp }) => complete.get(label)?.includes(timestamp) === false);
  if (plan.clusters !== undefined && other !== undefined) throw anotherSnapshot(other, plan.repository);
}

/** The label of a database and a second is easily another cluster's as well. */
function anotherSnapshot({ label }: RestorePart, repository: string): BackupError {
  return new BackupError({
    code: "SNAPSHOT_MISSING",
    message: `Snapshot ${label} in repository ${repository} is another one than the catalog knows by that label: it was made at another time.`,
    next: "Attach the repository with the name and the location that it has where the backups are made, or name one that holds the same (repository).",
  });
}

function nothingToRestore(skipped: readonly Skipped[]): BackupError {
  return new BackupError({
    code: "NOTHING_TO_RESTORE",
    message: `None of the tables had data at the restore point (${skipped.map((each) => each.object).join(", ")}).`,
    next: "Choose another restore point.",
  });
}
