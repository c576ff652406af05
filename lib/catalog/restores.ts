import { BackupError } from "../errors.ts";
import { type Looks, lookUntil } from "../look-until.ts";
import { sortBy } from "../sort-by.ts";
import type { Row } from "../starrocks/session.ts";
import type { Catalog } from "./catalog.ts";
import { keyHash } from "./key-hash.ts";
import { now } from "./sql/column.ts";
import { matching } from "./sql/condition.ts";
import { insertOnce } from "./sql/insert-once.ts";
import { only } from "./sql/only.ts";
import { decoder, select } from "./sql/read.ts";
import { type ChangeOf, type FieldOf, fieldsExcept, type RowOf } from "./sql/table.ts";
import { insertStatement, updateStatement } from "./sql/write.ts";
import { type Affected, type HeldSchedules, restoreHistory } from "./tables/restore-history.ts";

type RestoreRow = RowOf<typeof restoreHistory>;

const recordFields = fieldsExcept(
  restoreHistory,
  "jobId",
  "type",
  "repository",
  "startedAt",
  "finishedAt",
  "checksum",
  "createdAt",
  "undoneAt",
  "downloadedBytes",
);

/** One restored table: one row of `restore_history`. */
export type RestoreRecord = Pick<RestoreRow, (typeof recordFields)[number]>;

const plannedFields = [
  "database",
  "table",
  "label",
  "strategy",
  "partitions",
  "repository",
  "downloadedBytes",
] as const satisfies readonly FieldOf<typeof restoreHistory>[];

/** What is kept of what was replaced. */
export interface KeptTable {
  readonly name: string;
  readonly tableId: string | undefined;
  /** UTC; undefined: until somebody drops it. */
  readonly until: string | undefined;
}

export type PlannedRestoreRecord = Pick<RestoreRow, (typeof plannedFields)[number]>;

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
  const recorded = await lookUntil(aWhile, async () => {
    if ((await readRunRestores(catalog, runId)).length === planned.length) return true;
    return (await tryInsert(catalog, runId, planned)) || undefined;
  });
  if (recorded) return;
  throw new BackupError({
    code: "ALREADY_CLAIMED",
    message: `Another execution of this step is recording the tables of run ${runId}.`,
    next: "Run the step again.",
    retriable: true,
  });
}

const aWhile: Looks = { most: 50, pauseMs: 200 };

/** @returns false when the load label is used: the rows may take a moment to be visible */
async function tryInsert(
  catalog: Catalog,
  runId: string,
  planned: readonly PlannedRestoreRecord[],
): Promise<boolean> {
  const rows = planned.map((restore) => ({
    ...only(restore, plannedFields),
    jobId: jobId({ ...restore, runId }),
    type: "table",
    status: "PLANNED" as const,
    startedAt: now,
    runId,
  }));
  return await insertOnce(
    catalog,
    insertStatement(catalog, restoreHistory, rows, `restores_${runId}`),
    "record the planned restores",
  );
}

export async function readRunRestores(catalog: Catalog, runId: string): Promise<readonly RestoreRecord[]> {
  const query = { ...runRestoresQuery(runId), orderBy: runOrder };
  return await select(catalog, query, `read the restores of run ${runId}`);
}

/** What is asked for of the rows of a run's tables. */
export function runRestoresQuery(runId: string) {
  return { from: restoreHistory, fields: recordFields, where: matching(restoreHistory, { runId }) };
}

const runOrder = ["database", "table"] as const;

/** The tables of a run, of what {@link runRestoresQuery} gave. */
export function runRestoresOf(found: readonly Row[]): readonly RestoreRecord[] {
  return sortBy(found.map(decoder(runRestoresQuery(""))), runOrder);
}

/** The record of one table; undefined while it cannot be seen. */
export async function readRestore(
  catalog: Catalog,
  { runId, database, table }: Pick<RestoreRecord, "runId" | "database" | "table">,
): Promise<RestoreRecord | undefined> {
  const records = await readRunRestores(catalog, runId);
  return records.find((each) => each.database === database && each.table === table);
}

/** Remembers what is about to be switched off on restored tables. */
export async function recordSchedules(
  catalog: Catalog,
  restore: Pick<RestoreRecord, "runId" | "database" | "table">,
  schedules: HeldSchedules,
): Promise<void> {
  await catalog.session.execute(
    updateStatement(catalog, restoreHistory, { schedules }, { jobId: jobId(restore) }),
    `record the partition schedule of ${restore.database}.${restore.table}`,
  );
}

/**
 * Remembers which partitions are about to be replaced, by their ids; once, since later they are the restored ones'.
 *
 * @param ids of all of them
 */
export async function recordReplaced(
  catalog: Catalog,
  restore: Pick<RestoreRecord, "runId" | "database" | "table">,
  ids: readonly string[],
): Promise<void> {
  const match = { jobId: jobId(restore), status: "READY", replacedIds: null } as const;
  await catalog.session.execute(
    updateStatement(catalog, restoreHistory, { replacedIds: sample(ids) }, match),
    `record what is replaced of ${restore.database}.${restore.table}`,
  );
}

/** Remembers what a person should know of a table whose restore is over. */
export async function recordNotices(
  catalog: Catalog,
  restore: Pick<RestoreRecord, "runId" | "database" | "table">,
  notices: readonly string[],
): Promise<void> {
  await catalog.session.execute(
    updateStatement(catalog, restoreHistory, { notices: [...notices] }, { jobId: jobId(restore) }),
    `record what is left of the restore of ${restore.database}.${restore.table}`,
  );
}

/** Remembers that what was replaced is not kept any more. */
export async function recordDropped(
  catalog: Catalog,
  restore: Pick<RestoreRecord, "runId" | "database" | "table">,
): Promise<void> {
  const change = { replacedKeptAs: undefined, keptTableId: undefined, keptUntil: undefined };
  await catalog.session.execute(
    updateStatement(catalog, restoreHistory, change, { jobId: jobId(restore) }),
    `record that what the restore of ${restore.database}.${restore.table} has replaced is dropped`,
  );
}

/** Remembers that a part is restored once more. */
export async function recordRepeat(
  catalog: Catalog,
  restore: Pick<RestoreRecord, "runId" | "database" | "table">,
  repeats: number,
): Promise<void> {
  await catalog.session.execute(
    updateStatement(catalog, restoreHistory, { repeats }, { jobId: jobId(restore) }),
    `record that ${restore.database}.${restore.table} is restored once more`,
  );
}

/** Whether nobody has got further with a table than putting it together. */
export function isStillPlanned(record: RestoreRecord | undefined): boolean {
  return record === undefined || record.status === "PLANNED";
}

/** @returns whether the record was where `after` says */
export async function updateRestore(
  catalog: Catalog,
  restore: Pick<RestoreRecord, "runId" | "database" | "table">,
  change: // `after`: the only status that this may follow. Whoever was paused before it must not undo what came since.
    | {
        readonly status: "READY";
        readonly after: "PLANNED";
        readonly restoredIds: readonly string[];
        /** Of what is about to be replaced, where that is a table; undefined: partitions are, or nothing. */
        readonly replacedIds: readonly string[] | undefined;
        readonly rows: number;
        readonly notices: readonly string[];
      }
    | {
        readonly status: "FINISHED";
        readonly after: "READY";
        /** Of the table that is live now. */
        readonly restoredTableId: string | undefined;
        readonly kept: KeptTable | undefined;
        readonly affected: readonly Affected[];
        readonly notices: readonly string[];
      }
    | {
        readonly status: "FAILED" | "CANCELLED";
        readonly after?: "PLANNED" | "READY" | "FINISHED";
        readonly error: string;
      },
): Promise<boolean> {
  const match = { jobId: jobId(restore), ...(change.after && { status: change.after }) };
  const changed = await catalog.session.execute(
    updateStatement(catalog, restoreHistory, changes(change), match),
    `record that the restore of ${restore.database}.${restore.table} is ${change.status}`,
  );
  return changed > 0;
}

function changes(change: Parameters<typeof updateRestore>[2]): ChangeOf<typeof restoreHistory> {
  const { status } = change;
  switch (status) {
    case "READY":
      return {
        status,
        restoredIds: sample(change.restoredIds),
        ...(change.replacedIds && { replacedIds: sample(change.replacedIds) }),
        rows: change.rows,
        notices: [...change.notices],
      };
    case "FINISHED":
      return { status, finishedAt: now, ...finishedColumns(change), notices: [...change.notices] };
    case "FAILED":
    case "CANCELLED":
      return { status, finishedAt: now, error: change.error };
  }
}

/** What a row says of a table that is live. */
export function finishedColumns({
  restoredTableId,
  kept,
  affected,
}: Pick<
  Extract<Parameters<typeof updateRestore>[2], { status: "FINISHED" }>,
  "restoredTableId" | "kept" | "affected"
>) {
  const { name, tableId, until } = kept ?? {};
  return {
    ...{ restoredTableId, replacedKeptAs: name, keptTableId: tableId, keptUntil: until },
    affected: [...affected],
  };
}

/** Ends what is open of a run by whose plan nothing may be done: what is live under the tables' names was not looked at. */
export async function failOpenRestores(catalog: Catalog, runId: string, error: string): Promise<void> {
  const change = { status: "FAILED", finishedAt: now, error } as const;
  await catalog.session.execute(
    updateStatement(catalog, restoreHistory, change, { runId, status: ["PLANNED", "READY"] }),
    `record that the restores of run ${runId} are FAILED`,
  );
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
