import { sortBy } from "../sort-by.ts";
import type { Row } from "../starrocks/session.ts";
import { at, type Catalog } from "./catalog.ts";
import { keyHash } from "./key-hash.ts";
import { withinColumn } from "./left-out.ts";
import { openStates } from "./runs.ts";
import { now } from "./sql/column.ts";
import { beginsWith, matching, notNull, secondsSince } from "./sql/condition.ts";
import { insertOnce } from "./sql/insert-once.ts";
import { only } from "./sql/only.ts";
import { decoder, type Readable, readable, select, selectReadable } from "./sql/read.ts";
import { type ChangeOf, column, type FieldOf, fieldsExcept, type RowOf } from "./sql/table.ts";
import { deleteStatement, insertStatement, updateStatement } from "./sql/write.ts";
import { backupHistory } from "./tables/backup-history.ts";
import { runs } from "./tables/runs.ts";

const recordFields = fieldsExcept(backupHistory, "createdAt", "progressAt");

/** One row of `backup_history`: a snapshot, or an attempt at one. Instants are UTC, `yyyy-MM-dd HH:mm:ss`. */
export type BackupRecord = RowOf<typeof backupHistory, (typeof recordFields)[number]> & {
  /** Seconds since the progress mark was recorded, or since the label was reserved. */
  readonly stillSeconds: number;
};

export type BackupType = BackupRecord["type"];
export type BackupStatus = BackupRecord["status"];

/** An object that vanished or became unfit between plan and submission, and why it is not in the snapshot. */
export type LeftOut = BackupRecord["leftOut"][number];

const plannedFields = [
  "label",
  "runId",
  "group",
  "database",
  "type",
  "repository",
  "baseline",
  "cutFrom",
  "tables",
  "partitions",
  "rows",
  "bytes",
  "part",
  "parts",
  "attempt",
  "leftOut",
] as const satisfies readonly FieldOf<typeof backupHistory>[];

/** What a plan knows of a snapshot before it is made. */
export type PlannedBackupRecord = Pick<BackupRecord, (typeof plannedFields)[number]>;

/**
 * Reserves the label of a database's snapshot, and those of its parts, which are made from it: one INSERT under a load
 * label made from it, which StarRocks lets through once.
 *
 * @param parts the last one has the plain label
 * @returns false when another run has the label.
 */
export async function claimLabels(catalog: Catalog, parts: readonly PlannedBackupRecord[]): Promise<boolean> {
  const label = parts.at(-1)?.label ?? "";
  const rows = parts.map((part) => ({
    ...only(part, plannedFields),
    leftOut: withinColumn(part.leftOut),
    status: "PLANNED" as const,
    startedAt: now,
  }));
  return await insertOnce(
    catalog,
    insertStatement(catalog, backupHistory, rows, `label_${keyHash(label)}`),
    `reserve the label ${label}`,
  );
}

/** Labels among the given ones that the history knows. */
export async function readKnownLabels(
  catalog: Catalog,
  labels: readonly string[],
): Promise<ReadonlySet<string>> {
  const where = matching(backupHistory, { label: labels });
  return new Set(await readLabels(catalog, where, "look for used labels"));
}

/** A label that was reserved by a plan, and the run that it would have been of. */
export type Claim = Pick<BackupRecord, "label" | "runId">;

/**
 * What is asked for to know the labels whose plan never became a run: of one job's executions, and of any job a day ago.
 * (A day, since a plan that is still being written looks the same.)
 *
 * @param prefix which the ids of all runs of the job begin with
 */
export function claimsQuery(catalog: Catalog, prefix: string) {
  const ofRun = column(backupHistory, "runId");
  const startedAt = column(backupHistory, "startedAt");
  const conditions = [
    matching(backupHistory, { status: "PLANNED" }),
    `(${beginsWith(backupHistory, "runId", prefix)} OR ${startedAt} < date_sub(now(), INTERVAL 1 DAY))`,
    `${ofRun} NOT IN (SELECT ${column(runs, "runId")} FROM ${at(catalog, runs)})`,
  ];
  return { from: backupHistory, fields: ["label", "runId"], where: conditions.join(" AND ") } as const;
}

async function readLabels(catalog: Catalog, where: string, doing: string): Promise<readonly string[]> {
  const rows = await select(catalog, { from: backupHistory, fields: ["label"], where }, doing);
  return rows.map((row) => row.label);
}

/** Gives labels back of which nothing was sent. (StarRocks remembers them for some days, so they are not used again.) */
export async function releaseLabels(catalog: Catalog, labels: readonly string[]): Promise<void> {
  if (labels.length === 0) return;
  await catalog.session.execute(
    deleteStatement(catalog, backupHistory, { label: labels, status: "PLANNED" }),
    "give labels back",
  );
}

/**
 * Finished backups, oldest cut first: the restore points and the baselines. One that cannot be read is passed over: what
 * stands on it lacks its baseline then, and everything else goes on.
 */
export async function readFinishedBackups(catalog: Catalog): Promise<Readable<BackupRecord>> {
  return await selectReadable(catalog, { ...finishedQuery(), orderBy: finishedOrder }, readingHistory);
}

/** What is asked for of the rows of finished backups. */
export function finishedQuery() {
  return backupsQuery(matching(backupHistory, { status: ["FINISHED", "NOTHING_TO_DO"], runId: notNull }));
}

const finishedOrder = ["cutTo", "part", "label"] as const;

/** Finished backups of what {@link finishedQuery} gave, in the order of {@link readFinishedBackups}. */
export function finishedOf(found: readonly Row[]): Readable<BackupRecord> {
  const { rows, unreadable } = readable(finishedQuery(), found);
  return { rows: sortBy(rows, finishedOrder), unreadable };
}

/** All snapshots and attempts of a run; each database's parts and attempts in their order. */
export async function readRunBackups(catalog: Catalog, runId: string): Promise<readonly BackupRecord[]> {
  return await readBackups(catalog, matching(backupHistory, { runId }), runOrder);
}

/** The same of rows that {@link backupsQuery} gave. */
export function runBackupsOf(found: readonly Row[]): readonly BackupRecord[] {
  return sortBy(found.map(decoder(backupsQuery(""))), runOrder);
}

const runOrder = ["database", "part", "attempt"] as const;

/** Whether a snapshot is still to be made: it, or its run, may have been given up meanwhile. */
export async function isSubmissionWanted(
  catalog: Catalog,
  { runId, label }: Pick<BackupRecord, "runId" | "label">,
): Promise<boolean> {
  const carriedOn = matching(runs, { runId, state: openStates, errorCode: null });
  const rows = await select(
    catalog,
    {
      from: backupHistory,
      fields: ["label"],
      computed: { open: `(SELECT count(*) FROM ${at(catalog, runs)} WHERE ${carriedOn})` },
      where: matching(backupHistory, { label, runId, status: "SUBMITTED" }),
    },
    `see whether ${label} is still to be made`,
  );
  return rows.some((row) => row.open > 0);
}

async function readBackups(
  catalog: Catalog,
  where: string,
  orderBy: readonly FieldOf<typeof backupHistory>[],
): Promise<readonly BackupRecord[]> {
  return await select(catalog, backupsQuery(where, orderBy), readingHistory);
}

const readingHistory = "read the backup history";

/** What is asked for of the rows of snapshots. */
export function backupsQuery(where: string, orderBy?: readonly FieldOf<typeof backupHistory>[]) {
  const moved = `coalesce(${column(backupHistory, "progressAt")}, ${column(backupHistory, "startedAt")})`;
  const computed = { stillSeconds: secondsSince(moved) };
  return { from: backupHistory, fields: recordFields, computed, where, ...(orderBy && { orderBy }) };
}

/** Changes one row; `finished_at` is the FE's now where the status is final. */
export async function updateBackup(
  catalog: Catalog,
  label: string,
  change: // `after`: the only status that this may follow: what was given up meanwhile stays so.
    | { readonly status: "SUBMITTED"; readonly after: BackupStatus }
    | {
        readonly status: "FINISHED";
        readonly snapshotTimestamp: string | undefined;
        readonly cutTo: string | undefined;
      }
    | { readonly status: "NOTHING_TO_DO"; readonly cutTo: string | undefined }
    | {
        readonly status: "FAILED" | "CANCELLED";
        readonly after?: BackupStatus;
        readonly error: string;
      },
): Promise<void> {
  const after = "after" in change ? change.after : undefined;
  const match = { label, ...(after && { status: after }) };
  await catalog.session.execute(
    updateStatement(catalog, backupHistory, changes(change), match),
    `record that ${label} is ${change.status}`,
  );
}

function changes(change: Parameters<typeof updateBackup>[2]): ChangeOf<typeof backupHistory> {
  const { status } = change;
  switch (status) {
    case "SUBMITTED":
      return { status, startedAt: now, progressAt: now, cutTo: undefined };
    case "FINISHED":
      return {
        status,
        finishedAt: now,
        snapshotTimestamp: change.snapshotTimestamp,
        cutTo: change.cutTo ?? now,
      };
    case "NOTHING_TO_DO":
      return { status, finishedAt: now, cutTo: change.cutTo ?? now };
    case "FAILED":
    case "CANCELLED":
      return { status, finishedAt: now, error: change.error };
  }
}

/** Ends what is open of a run by whose plan nothing may be done: whether StarRocks made a snapshot was not looked at. */
export async function failOpenBackups(catalog: Catalog, runId: string, error: string): Promise<void> {
  const change = { status: "FAILED", finishedAt: now, error } as const;
  await catalog.session.execute(
    updateStatement(catalog, backupHistory, change, { runId, status: ["PLANNED", "SUBMITTED"] }),
    `record that the backups of run ${runId} are FAILED`,
  );
}

/**
 * Remembers when the snapshot's versions were seen to be fixed.
 *
 * @param mark of the job, while it goes on: that it got so far is remembered as well
 */
export async function recordCut(
  catalog: Catalog,
  label: string,
  cutTo: string,
  mark: string | undefined,
): Promise<void> {
  const progress = mark === undefined ? {} : { progressMark: mark, progressAt: now };
  await catalog.session.execute(
    updateStatement(catalog, backupHistory, { cutTo, ...progress }, { label }),
    `record the cut of ${label}`,
  );
}

/** Remembers that the job got on; the FE's clock says when. */
export async function recordProgress(catalog: Catalog, label: string, mark: string): Promise<void> {
  await catalog.session.execute(
    updateStatement(catalog, backupHistory, { progressMark: mark, progressAt: now }, { label }),
    `record the progress of ${label}`,
  );
}

/** Remembers what had to be left out of a snapshot; each object once. */
export async function recordLeftOut(
  catalog: Catalog,
  record: BackupRecord,
  leftOut: readonly LeftOut[],
): Promise<void> {
  const known = new Set(record.leftOut.map((each) => each.object));
  const all = [...record.leftOut, ...leftOut.filter((each) => !known.has(each.object))];
  await catalog.session.execute(
    updateStatement(catalog, backupHistory, { leftOut: withinColumn(all) }, { label: record.label }),
    `record what is left out of ${record.label}`,
  );
}

/** Remembers what a snapshot holds now. */
export async function recordContents(
  catalog: Catalog,
  label: string,
  { tables, partitions, rows, bytes }: Pick<BackupRecord, "tables" | "partitions" | "rows" | "bytes">,
): Promise<void> {
  await catalog.session.execute(
    updateStatement(catalog, backupHistory, { tables, partitions, rows, bytes }, { label }),
    `record what ${label} holds`,
  );
}

/** Lets the later parts of a run stand on a new attempt at an earlier part. */
export async function replaceBaseline(
  catalog: Catalog,
  runId: string,
  from: string,
  to: string,
): Promise<void> {
  await catalog.session.execute(
    updateStatement(catalog, backupHistory, { baseline: to }, { runId, baseline: from }),
    `base the parts after ${from} on ${to}`,
  );
}
