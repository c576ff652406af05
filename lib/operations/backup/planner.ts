import type { Catalog } from "../../catalog/catalog.ts";
import {
  claimLabels,
  type LeftOut,
  type PlannedBackupRecord,
  readKnownLabels,
} from "../../catalog/history.ts";
import { deleteManifest, writeManifest } from "../../catalog/manifest.ts";
import { readPast } from "../../catalog/past.ts";
import { BackupError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import { secondsLater } from "../../instants.ts";
import {
  type BackupPlan,
  type BackupQuestion,
  type PlannedBackup,
  type PlannedSnapshot,
  planBackup,
  wishedLabels,
} from "../../planning/backup/backup-plan.ts";
import type { TypePolicy } from "../../planning/backup/baseline.ts";
import type { TableChange } from "../../planning/backup/changes.ts";
import { groupEntries, groupScopes, selectTables, vanishedTables } from "../../planning/backup/selection.ts";
import { shrunkNotes } from "../../planning/backup/shrunk-notes.ts";
import { wholeNotes } from "../../planning/backup/whole-notes.ts";
import { compactStamp } from "../../planning/label.ts";
import { tableKey } from "../../planning/live-table.ts";
import { planHash } from "../../planning/plan-hash.ts";
import { neededByBackup } from "../../planning/privileges/needed.ts";
import type { SchemaChanges } from "../../planning/schema-hash.ts";
import type { Skipped } from "../../planning/skipped.ts";
import { capabilities } from "../../starrocks/capabilities.ts";
import { readFrontendConfig } from "../../starrocks/observe/frontend-config.ts";
import { readSchemaChanges } from "../../starrocks/observe/schema-changes.ts";
import { readCompleteSnapshots } from "../../starrocks/observe/snapshot.ts";
import { readTablesAndColumns, type TableConfig } from "../../starrocks/observe/tables.ts";
import type { Session } from "../../starrocks/session.ts";
import { checkHealth } from "../step/health.ts";
import { type Planned, type PlanningJob, type PlanOfJob, recordPlan } from "../step/plan-once.ts";
import type { Planner, PlanningStep } from "../step/planner.ts";
import { checkPrivileges, notExportable, readHeld, tablesOf } from "../step/privileges.ts";
import { verifiedRepository } from "../step/repository.ts";
import { runIdOf } from "../step/run-id.ts";
import { readBaselines } from "./baselines.ts";
import { readChanges } from "./changes.ts";
import { completePlan } from "./complete-plan.ts";
import { type Earlier, readEarlier } from "./earlier.ts";

export interface BackupRequest {
  readonly group: string;
  readonly policy: TypePolicy;
  readonly maxPartitionsPerJob: number;
  readonly name: string | undefined;
  readonly repository: string | undefined;
  readonly dryRun: boolean;
}

/**
 * Plans backup runs: reads the cluster in a fixed number of statements, decides, and (unless it is a dry run) writes the
 * plan, its manifests and its labels into the catalog. The partitions are listed before anything is submitted, so a change
 * in between is backed up twice rather than never.
 */
export function backupPlanner(request: BackupRequest): Planner<BackupPlan> {
  return {
    operation: "backup",
    request,
    // What a silent run has finished may be the baseline.
    concerns: (run) => run.operation === "backup" && run.group === request.group,
    plan: (step) => plan(step, request),
    complete: completePlan,
  };
}

async function plan(step: PlanningStep<BackupPlan>, request: BackupRequest): Promise<Planned<BackupPlan>> {
  const { catalog, job, now } = step;
  const health = await checkHealth(catalog.session);
  const { question, labels, notes } = await readQuestion(step, request);
  const allNotes = [...health.notes, ...notes];
  if (!request.dryRun) return { ...(await writePlan(catalog, question, { job, labels })), notes: allNotes };
  const { plan } = planBackup(question, now);
  return { runId: undefined, planHash: planHash(plan), plan, notes: allNotes };
}

/** What was found out of the labels that the run will probably want. */
interface LookedUp {
  readonly wished: ReadonlySet<string>;
  /** Those that the catalog or the repository knows. */
  readonly taken: ReadonlySet<string>;
}

/** Everything that the plan is decided from. */
async function readQuestion(
  { catalog, progress, now, repository: usual }: PlanningStep<BackupPlan>,
  { group, policy, name, maxPartitionsPerJob, ...request }: BackupRequest,
): Promise<{
  readonly question: BackupQuestion;
  readonly labels: LookedUp;
  readonly notes: readonly string[];
}> {
  const { session } = catalog;
  const repository = await verifiedRepository(session, request.repository ?? usual, "write");
  const past = await readPast(catalog, compactStamp(now));
  const entries = groupEntries(past.inventory, group);
  const scopes = groupScopes(entries);
  const { configs, listed, columns } = await readTablesAndColumns(session, scopes);
  const held = await readHeld(session);
  const privilegeNotes = checkPrivileges(held, neededByBackup(tablesOf(catalog)));
  const chosen = selectTables(entries, configs, listed);
  const denied = notExportable(held, chosen.selected);
  const skipped = [...chosen.skipped, ...denied];
  const hidden = new Set(denied.map((each) => each.object));
  const selected = chosen.selected.filter((config) => !hidden.has(tableKey(config)));
  if (selected.length === 0) throw emptyGroup(group, skipped);
  const databases = [...new Set(selected.map((config) => config.database))];
  const { rows: finished, unreadable } = past.finished;
  const wished = wishedLabels({ name, plannedAt: now }, databases, policy.type);
  const { baselines, manifestTables, notes, taken } = await readBaselines(catalog, {
    group,
    policy,
    repository: repository.name,
    finished,
    databases,
    now,
    wished,
  });
  const earlier = await readEarlier(catalog, group, finished, manifestTables);
  const schemaChanges = await schemaChangesOf(session, databases, earlier);
  const comparison = { scopes, selected, columns, schemaChanges, baselines };
  const changes = await readChanges(session, capabilities(catalog.opened.version), comparison);
  const partitions = changes.reduce((sum, change) => sum + change.table.holds.partitions, 0);
  progress.say(`Listed ${selected.length} tables and ${partitions} partitions of group ${group}`);
  const question: BackupQuestion = {
    group,
    type: policy.type,
    repository: repository.name,
    plannedAt: now,
    changes,
    skipped: [
      ...(await withViewSetting(session, skipped, configs)),
      ...vanishedTables(entries, listed, earlier.tables),
      ...emptyTables(changes),
    ],
    baselines: new Map([...baselines].map(([database, { label }]) => [database, label])),
    name,
    maxPartitionsPerJob,
  };
  return {
    question,
    labels: { wished: new Set(wished), taken: new Set([...taken, ...past.stamped]) },
    notes: [
      ...privilegeNotes,
      ...unreadable,
      ...notes,
      ...policyNotes(policy, baselines.size),
      ...wholeNotes(changes),
      ...shrunkNotes(changes, baselines),
    ],
  };
}

/** Looks a table's schema changes up: those StarRocks lists, and what the newest restore point knew. */
async function schemaChangesOf(
  session: Session,
  databases: readonly string[],
  { tables, newest }: Earlier,
): Promise<(table: TableConfig) => SchemaChanges> {
  const jobs = await readSchemaChanges(session, databases);
  const before = new Map(
    tables
      .filter((table) => newest.get(table.database) === table.label)
      .map((table) => [tableKey(table), table.schemaHash]),
  );
  return (table) => ({
    job: jobs.get(tableKey(table)),
    label: newest.get(table.database),
    before: before.get(tableKey(table)),
  });
}

/** Labels first, then manifests, and the run's row last: only that makes the plan one. */
async function writePlan(
  catalog: Catalog,
  question: BackupQuestion,
  { job, labels }: { readonly job: PlanningJob<BackupPlan>; readonly labels: LookedUp },
): Promise<PlanOfJob<BackupPlan>> {
  const { runId, planned } = await claimedPlan(catalog, question, { prefix: job.prefix, labels });
  const { plan, manifestTables, manifestPartitions } = planned;
  await writeManifest(catalog, manifestTables, manifestPartitions);
  const state = plan.nothingToDo ? "NOTHING_TO_DO" : "PLANNED";
  const run = { runId, operation: "backup", state, group: question.group } as const;
  const recorded = await recordPlan(catalog, job, run, plan);
  // Another execution was first, and may have given these labels back before their manifests were written.
  if (recorded.runId !== runId) for (const { label } of plan.snapshots) await deleteManifest(catalog, label);
  return recorded;
}

/**
 * Two runs planned in the same second want the same labels; the later one moves on by a second. It also takes another run
 * id: a label of several that it got would count as one of the run's snapshots.
 */
async function claimedPlan(
  catalog: Catalog,
  question: BackupQuestion,
  { prefix, labels }: { readonly prefix: string; readonly labels: LookedUp },
): Promise<{ readonly runId: string; readonly planned: PlannedBackup }> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const runId = runIdOf(prefix);
    const planned = planBackup(question, secondsLater(question.plannedAt, attempt));
    if (await claimAll(catalog, planned.plan, runId, labels)) return { runId, planned };
  }
  throw new BackupError({
    code: "LABEL_TAKEN",
    message: "Every label of the next minute is taken.",
    next: "Run again, or give the run a name of its own.",
    retriable: true,
  });
}

async function claimAll(
  catalog: Catalog,
  plan: BackupPlan,
  runId: string,
  lookedUp: LookedUp,
): Promise<boolean> {
  if (await isAnyTaken(catalog, plan, lookedUp)) return false;
  for (const parts of groupBy(plan.snapshots, (snapshot) => snapshot.database).values()) {
    const claimed = await claimLabels(
      catalog,
      parts.map((snapshot) => plannedRecord(plan, snapshot, runId)),
    );
    if (!claimed) return false;
  }
  return true;
}

/** Labels are unique per repository, which other clusters and tools may share. */
async function isAnyTaken(
  catalog: Catalog,
  { repository, snapshots }: BackupPlan,
  { wished, taken }: LookedUp,
): Promise<boolean> {
  const labels = snapshots.map((snapshot) => snapshot.label);
  if (labels.some((label) => taken.has(label))) return true;
  const others = labels.filter((label) => !wished.has(label));
  if (others.length === 0) return false;
  if ((await readKnownLabels(catalog, others)).size > 0) return true;
  return (await readCompleteSnapshots(catalog.session, repository, others)).size > 0;
}

function plannedRecord(plan: BackupPlan, snapshot: PlannedSnapshot, runId: string): PlannedBackupRecord {
  const { label, database, type, baseline, partitions, rows, bytes, part, parts } = snapshot;
  return {
    label,
    runId,
    group: plan.group,
    database,
    type,
    repository: plan.repository,
    baseline,
    cutFrom: plan.plannedAt,
    tables: snapshot.tableCount,
    partitions,
    rows,
    bytes,
    part,
    parts,
    attempt: 1,
    leftOut: part === parts ? gapsOf(plan, database) : [],
  };
}

/** What the plan leaves out of a database although it was asked for. */
function gapsOf({ skipped }: BackupPlan, database: string): LeftOut[] {
  return skipped
    .filter(({ object, isGap }) => isGap === true && object.startsWith(`${database}.`))
    .map(({ object, reason }) => ({ object, reason }));
}

/** What a policy leads to that whoever set it may not have meant. */
function policyNotes({ type, fullEverySeconds, maxChain }: TypePolicy, compared: number): readonly string[] {
  const isEndless = type === "auto" && fullEverySeconds === undefined && maxChain === undefined;
  if (!isEndless || compared === 0) return [];
  return [
    "Type auto without full_every and max_chain makes no second full: every incremental stands on the first.",
  ];
}

/** A table without partitions has nothing to copy; its definition still goes into a full. */
function emptyTables(changes: readonly TableChange[]): readonly Skipped[] {
  return changes
    .filter(({ table }) => table.holds.partitions === 0)
    .map(({ table }) => ({
      object: tableKey(table),
      reason: "has no partition yet: there is nothing to copy",
    }));
}

/** Whether StarRocks would take materialized views along in a whole-database backup is worth knowing beside a skip. */
async function withViewSetting(
  session: Session,
  skipped: readonly Skipped[],
  configs: readonly TableConfig[],
): Promise<readonly Skipped[]> {
  const views = new Set(configs.filter((each) => each.engine === "MATERIALIZED_VIEW").map(tableKey));
  if (!skipped.some((each) => views.has(each.object))) return skipped;
  const setting =
    (await readFrontendConfig(session, "enable_backup_materialized_view")) ?? "not visible to this user";
  return skipped.map((each) =>
    views.has(each.object)
      ? { ...each, reason: `${each.reason} (enable_backup_materialized_view: ${setting})` }
      : each,
  );
}

function emptyGroup(group: string, skipped: readonly Skipped[]): BackupError {
  const reasons = skipped.map((each) => `${each.object}: ${each.reason}`);
  return new BackupError({
    code: "EMPTY_GROUP",
    message: `Group ${group} has no table that can be backed up (${reasons.join("; ")}).`,
    next: "Correct the group with the inventory script.",
  });
}
