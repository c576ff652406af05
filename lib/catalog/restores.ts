import { setTimeout as sleep } from "node:timers/promises";
import { BackupError } from "../errors.ts";
import { StarRocksFault } from "../starrocks/fault.ts";
import { literal } from "../starrocks/quote.ts";
import { count, optionalText, text } from "../starrocks/row.ts";
import { at, type Catalog } from "./catalog.ts";
import { insertStatement, now, updateStatement } from "./insert.ts";
import { keyHash } from "./key-hash.ts";

/** PLANNED: parts are being restored. READY: assembled and checked, not live yet. */
export type RestoreStatus = "PLANNED" | "READY" | "FINISHED" | "FAILED" | "CANCELLED";

/** One restored table: one row of `restore_history`. */
export interface RestoreRecord {
  readonly runId: string;
  readonly database: string;
  readonly table: string;
  readonly label: string;
  readonly strategy: string;
  readonly status: RestoreStatus;
  /** Physical partition ids of the assembled table, or some of very many: they tell it from the table it replaces. */
  readonly restoredIds: readonly string[];
  readonly replacedKeptAs: string | undefined;
  readonly partitions: number;
  readonly rows: number;
  readonly error: string | undefined;
}

export type PlannedRestoreRecord = Pick<
  RestoreRecord,
  "database" | "table" | "label" | "strategy" | "partitions"
> & {
  readonly repository: string;
};

/**
 * Records the tables of a run, once: whoever comes later must not take them back to PLANNED.
 *
 * @throws {BackupError} `ALREADY_CLAIMED` when another execution is about to record them and does not get to it
 */
export async function insertRestores(
  catalog: Catalog,
  runId: string,
  planned: readonly PlannedRestoreRecord[],
): Promise<void> {
  for (let look = 0; look < mostLooks; look++) {
    if ((await readRunRestores(catalog, runId)).length === planned.length) return;
    if (await tryInsert(catalog, runId, planned)) return;
    await sleep(pauseMs);
  }
  throw new BackupError({
    code: "ALREADY_CLAIMED",
    message: `Another execution of this step is recording the tables of run ${runId}.`,
    next: "Run the step again.",
    retriable: true,
  });
}

const pauseMs = 200;
const mostLooks = 50;

/** @returns false when the load label is used: the rows may take a moment to be visible */
async function tryInsert(
  catalog: Catalog,
  runId: string,
  planned: readonly PlannedRestoreRecord[],
): Promise<boolean> {
  const rows = planned.map((restore) => ({
    job_id: jobId({ runId, ...restore }),
    backup_label: restore.label,
    restore_type: "table",
    status: "PLANNED",
    repository: restore.repository,
    started_at: now,
    run_id: runId,
    database_name: restore.database,
    table_name: restore.table,
    strategy: restore.strategy,
    partition_count: restore.partitions,
  }));
  try {
    await catalog.session.execute(
      insertStatement(catalog, "restore_history", rows, `restores_${runId}`),
      "record the planned restores",
    );
    return true;
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "load-label-taken") return false;
    throw error;
  }
}

export async function readRunRestores(catalog: Catalog, runId: string): Promise<readonly RestoreRecord[]> {
  const rows = await catalog.session.query(
    `SELECT run_id, database_name, table_name, backup_label, strategy, status, restored_partition_ids,
            replaced_kept_as, partition_count, row_count, error_message
     FROM ${at(catalog, "restore_history")} WHERE run_id = ${literal(runId)} ORDER BY database_name, table_name`,
    `read the restores of run ${runId}`,
  );
  return rows.map((row) => ({
    runId,
    database: text(row, "database_name"),
    table: text(row, "table_name"),
    label: text(row, "backup_label"),
    strategy: text(row, "strategy"),
    status: text(row, "status") as RestoreStatus,
    restoredIds: (optionalText(row, "restored_partition_ids") ?? "").split(",").filter((id) => id !== ""),
    replacedKeptAs: optionalText(row, "replaced_kept_as"),
    partitions: count(row, "partition_count"),
    rows: count(row, "row_count"),
    error: optionalText(row, "error_message"),
  }));
}

/** The record of one table; undefined while it cannot be seen. */
export async function readRestore(
  catalog: Catalog,
  { runId, database, table }: Pick<RestoreRecord, "runId" | "database" | "table">,
): Promise<RestoreRecord | undefined> {
  const records = await readRunRestores(catalog, runId);
  return records.find((each) => each.database === database && each.table === table);
}

/** Whether nobody has got further with a table than putting it together. */
export function isStillPlanned(record: RestoreRecord | undefined): boolean {
  return record === undefined || record.status === "PLANNED";
}

export async function updateRestore(
  catalog: Catalog,
  restore: Pick<RestoreRecord, "runId" | "database" | "table">,
  change: // `after`: the only status that this may follow. Whoever was paused before it must not undo what came since.
    | {
        readonly status: "READY";
        readonly after: "PLANNED";
        readonly restoredIds: readonly string[];
        readonly rows: number;
      }
    | { readonly status: "FINISHED"; readonly after: "READY"; readonly replacedKeptAs: string | undefined }
    | {
        readonly status: "FAILED" | "CANCELLED";
        readonly after?: "PLANNED" | "READY";
        readonly error: string;
      },
): Promise<void> {
  const key = { column: "job_id", value: jobId(restore) };
  const condition = change.after === undefined ? undefined : { column: "status", value: change.after };
  await catalog.session.execute(
    updateStatement(catalog, "restore_history", columns(change), key, condition),
    `record that the restore of ${restore.database}.${restore.table} is ${change.status}`,
  );
}

function columns(change: Parameters<typeof updateRestore>[2]) {
  switch (change.status) {
    case "READY":
      return {
        status: change.status,
        restored_partition_ids: sample(change.restoredIds).join(","),
        row_count: change.rows,
      };
    case "FINISHED":
      return { status: change.status, finished_at: now, replaced_kept_as: change.replacedKeptAs ?? null };
    case "FAILED":
    case "CANCELLED":
      return { status: change.status, finished_at: now, error_message: change.error };
  }
}

/** As many ids of 20 digits as the column takes, from all over: retention drops neighbours. */
function sample(ids: readonly string[]): readonly string[] {
  const step = Math.ceil(ids.length / keptIds);
  return ids.filter((_, index) => index % step === 0);
}

const keptIds = 48;

function jobId(restore: Pick<RestoreRecord, "runId" | "database" | "table">): string {
  return keyHash(restore.runId, restore.database, restore.table);
}
