import { StarRocksFault } from "../starrocks/fault.ts";
import { literal, literals } from "../starrocks/quote.ts";
import { count, optionalText, text } from "../starrocks/row.ts";
import type { Row } from "../starrocks/session.ts";
import { at, type Catalog } from "./catalog.ts";
import { insertStatement, now, type StoredRow, updateStatement } from "./insert.ts";
import { keyHash } from "./key-hash.ts";

export type BackupType = "full" | "incremental";

/**
 * PLANNED: label reserved, nothing sent. SUBMITTED: about to be sent, or sent. FINISHED: in the repository and
 * restorable (a row without snapshot timestamp holds no partition: only tombstones and unchanged tables).
 * NOTHING_TO_DO: a restore point too; its state is that of its baseline.
 */
export type BackupStatus = "PLANNED" | "SUBMITTED" | "FINISHED" | "NOTHING_TO_DO" | "FAILED" | "CANCELLED";

/** One row of `backup_history`: a snapshot, or an attempt at one. Instants are UTC, `yyyy-MM-dd HH:mm:ss`. */
export interface BackupRecord {
  readonly label: string;
  readonly runId: string;
  readonly group: string;
  readonly database: string;
  readonly type: BackupType;
  readonly status: BackupStatus;
  readonly repository: string;
  readonly baseline: string | undefined;
  /** What RESTORE wants as `backup_timestamp`; undefined until finished, and when nothing had to be copied. */
  readonly snapshotTimestamp: string | undefined;
  readonly startedAt: string;
  readonly finishedAt: string | undefined;
  /** Every change visible at this instant is covered. */
  readonly cutFrom: string | undefined;
  /** No change after this instant is covered. */
  readonly cutTo: string | undefined;
  readonly tables: number;
  readonly partitions: number;
  readonly rows: number;
  readonly bytes: number;
  readonly error: string | undefined;
  /** A run with very many partitions makes several snapshots of a database, each based on the one before. */
  readonly part: number;
  readonly parts: number;
  /** Counts from 1; every attempt has a label and a row of its own. */
  readonly attempt: number;
  /** What had to be left out after the plan was made. */
  readonly leftOut: readonly LeftOut[];
  /** Changes whenever the job gets on. */
  readonly progressMark: string | undefined;
  /** Seconds since the mark was recorded, or since the label was reserved. */
  readonly stillSeconds: number;
}

/** An object that vanished or became unfit between plan and submission, and why it is not in the snapshot. */
export interface LeftOut {
  readonly object: string;
  readonly reason: string;
}

/** What a plan knows of a snapshot before it is made. */
export type PlannedBackupRecord = Pick<
  BackupRecord,
  | "label"
  | "runId"
  | "group"
  | "database"
  | "type"
  | "repository"
  | "baseline"
  | "cutFrom"
  | "tables"
  | "partitions"
  | "rows"
  | "bytes"
  | "part"
  | "parts"
  | "attempt"
>;

/**
 * Reserves the label of a database's snapshot, and those of its parts, which are made from it: one INSERT under a load
 * label made from it, which StarRocks lets through once.
 *
 * @param parts the last one has the plain label
 * @returns false when another run has the label.
 */
export async function claimLabels(catalog: Catalog, parts: readonly PlannedBackupRecord[]): Promise<boolean> {
  const label = parts.at(-1)?.label ?? "";
  const rows = parts.map((planned) => ({
    label: planned.label,
    backup_type: planned.type,
    status: "PLANNED",
    repository: planned.repository,
    started_at: now,
    run_id: planned.runId,
    inventory_group: planned.group,
    database_name: planned.database,
    baseline_label: planned.baseline ?? null,
    cut_from: planned.cutFrom ?? null,
    table_count: planned.tables,
    partition_count: planned.partitions,
    row_count: planned.rows,
    byte_count: planned.bytes,
    part: planned.part,
    parts: planned.parts,
    attempt: planned.attempt,
  }));
  try {
    await catalog.session.execute(
      insertStatement(catalog, "backup_history", rows, `label_${keyHash(label)}`),
      `reserve the label ${label}`,
    );
    return true;
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "load-label-taken") return false;
    throw error;
  }
}

/** Labels among the given ones that the history knows. */
export async function readKnownLabels(
  catalog: Catalog,
  labels: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await catalog.session.query(
    `SELECT label FROM ${at(catalog, "backup_history")} WHERE label IN ${literals(labels)}`,
    "look for used labels",
  );
  return new Set(rows.map((row) => text(row, "label")));
}

/**
 * Labels whose plan never became a run: those of the job's other executions, and of any job a day ago. (A day, since a
 * plan that is still being written looks the same.)
 *
 * @param runId the run of the job; its row may not be visible yet
 * @param prefix which the ids of all runs of the job begin with
 */
export async function readDeadClaims(
  catalog: Catalog,
  runId: string,
  prefix: string,
): Promise<readonly string[]> {
  const rows = await catalog.session.query(
    `SELECT label FROM ${at(catalog, "backup_history")}
     WHERE status = 'PLANNED' AND run_id <> ${literal(runId)}
       AND (left(run_id, ${prefix.length}) = ${literal(prefix)} OR started_at < date_sub(now(), INTERVAL 1 DAY))
       AND run_id NOT IN (SELECT run_id FROM ${at(catalog, "runs")})`,
    "look for labels of plans that died",
  );
  return rows.map((row) => text(row, "label"));
}

/** Gives labels back of which nothing was sent. (StarRocks remembers them for some days, so they are not used again.) */
export async function releaseLabels(catalog: Catalog, labels: readonly string[]): Promise<void> {
  if (labels.length === 0) return;
  await catalog.session.execute(
    `DELETE FROM ${at(catalog, "backup_history")} WHERE label IN ${literals(labels)} AND status = 'PLANNED'`,
    "give labels back",
  );
}

/** Finished backups of some databases, oldest cut first: the restore points and the baselines. */
export async function readFinishedBackups(
  catalog: Catalog,
  databases: readonly string[] | undefined,
): Promise<readonly BackupRecord[]> {
  const scope = databases === undefined ? "" : ` AND database_name IN ${literals(databases)}`;
  return await readBackups(
    catalog,
    `status IN ('FINISHED', 'NOTHING_TO_DO') AND run_id IS NOT NULL${scope}`,
    "cut_to, part, label",
  );
}

/** All snapshots and attempts of a run; each database's parts and attempts in their order. */
export async function readRunBackups(catalog: Catalog, runId: string): Promise<readonly BackupRecord[]> {
  return await readBackups(catalog, `run_id = ${literal(runId)}`, "database_name, part, attempt");
}

async function readBackups(
  catalog: Catalog,
  condition: string,
  order: string,
): Promise<readonly BackupRecord[]> {
  const rows = await catalog.session.query(
    `SELECT *, unix_timestamp(now()) - unix_timestamp(coalesce(progress_at, started_at)) AS still_seconds
     FROM ${at(catalog, "backup_history")} WHERE ${condition} ORDER BY ${order}`,
    "read the backup history",
  );
  return rows.map(backupRecord);
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
  const condition = after === undefined ? undefined : { column: "status", value: after };
  const key = { column: "label", value: label };
  await catalog.session.execute(
    updateStatement(catalog, "backup_history", changes(change), key, condition),
    `record that ${label} is ${change.status}`,
  );
}

/** Remembers when the snapshot's versions were seen to be fixed. */
export async function recordCut(catalog: Catalog, label: string, cutTo: string): Promise<void> {
  await catalog.session.execute(
    updateStatement(catalog, "backup_history", { cut_to: cutTo }, { column: "label", value: label }),
    `record the cut of ${label}`,
  );
}

/** Remembers that the job got on; the FE's clock says when. */
export async function recordProgress(catalog: Catalog, label: string, mark: string): Promise<void> {
  const change = { progress_mark: mark, progress_at: now };
  await catalog.session.execute(
    updateStatement(catalog, "backup_history", change, { column: "label", value: label }),
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
    updateStatement(
      catalog,
      "backup_history",
      { left_out: JSON.stringify(all) },
      { column: "label", value: record.label },
    ),
    `record what is left out of ${record.label}`,
  );
}

/** Remembers what a snapshot holds now. */
export async function recordContents(
  catalog: Catalog,
  label: string,
  holds: Pick<BackupRecord, "tables" | "partitions" | "rows" | "bytes">,
): Promise<void> {
  const change = {
    table_count: holds.tables,
    partition_count: holds.partitions,
    row_count: holds.rows,
    byte_count: holds.bytes,
  };
  await catalog.session.execute(
    updateStatement(catalog, "backup_history", change, { column: "label", value: label }),
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
    `UPDATE ${at(catalog, "backup_history")} SET baseline_label = ${literal(to)}
     WHERE run_id = ${literal(runId)} AND baseline_label = ${literal(from)}`,
    `base the parts after ${from} on ${to}`,
  );
}

function changes(change: Parameters<typeof updateBackup>[2]): StoredRow {
  switch (change.status) {
    case "SUBMITTED":
      return { status: change.status, started_at: now, progress_at: now, cut_to: null };
    case "FINISHED":
      return {
        status: change.status,
        finished_at: now,
        snapshot_timestamp: change.snapshotTimestamp ?? null,
        cut_to: change.cutTo ?? now,
      };
    case "NOTHING_TO_DO":
      return { status: change.status, finished_at: now, cut_to: change.cutTo ?? now };
    case "FAILED":
    case "CANCELLED":
      return { status: change.status, finished_at: now, error_message: change.error };
  }
}

function backupRecord(row: Row): BackupRecord {
  return {
    label: text(row, "label"),
    runId: text(row, "run_id"),
    group: text(row, "inventory_group"),
    database: text(row, "database_name"),
    type: text(row, "backup_type") === "full" ? "full" : "incremental",
    status: text(row, "status") as BackupStatus,
    repository: text(row, "repository"),
    baseline: optionalText(row, "baseline_label"),
    snapshotTimestamp: optionalText(row, "snapshot_timestamp"),
    startedAt: text(row, "started_at"),
    finishedAt: optionalText(row, "finished_at"),
    cutFrom: optionalText(row, "cut_from"),
    cutTo: optionalText(row, "cut_to"),
    tables: count(row, "table_count"),
    partitions: count(row, "partition_count"),
    rows: count(row, "row_count"),
    bytes: count(row, "byte_count"),
    error: optionalText(row, "error_message"),
    part: count(row, "part") || 1,
    parts: count(row, "parts") || 1,
    attempt: count(row, "attempt") || 1,
    leftOut: JSON.parse(optionalText(row, "left_out") ?? "[]") as readonly LeftOut[],
    progressMark: optionalText(row, "progress_mark"),
    stillSeconds: count(row, "still_seconds"),
  };
}
