import { SqlError } from "../basics/errors.ts";
import { quoteName } from "../duckdb/duck.ts";
import { loadCast } from "../duckdb/translate/coerce.ts";
import { maxBytes } from "../duckdb/translate/types.ts";
import type { Column, Table } from "../metadata/model.ts";
import type { StorageHost } from "./storage-host.ts";

let sequence = 0;

/** Rows on their way into a table: all its columns, typed, in load order (`rowid`). */
export type Stage = Readonly<{ name: string; rows: number }>;

/** The load was rejected row by row on a backend; strict mode fails the whole statement. */
export const filteredData = (txnId: number, why: string): SqlError =>
  new SqlError(
    `Insert has filtered data, txn_id = ${txnId}, tracking sql = select tracking_log from information_schema.load_tracking_logs where job_id=${txnId}: ${why}`,
  );

/** `source` yields the table's columns in table order; values are cast as a load casts them. */
export async function stageRows(
  cluster: StorageHost,
  table: Table,
  source: string,
  txnId: number,
): Promise<Stage> {
  sequence += 1;
  const name = `stage_${sequence}`;
  const casts = table.columns.map(
    (column) => `${loadCast(quoteName(column.name), column.type)} AS ${quoteName(column.name)}`,
  );
  try {
    await cluster.duck.run(`CREATE TEMP TABLE ${name} AS SELECT ${casts.join(", ")} FROM (${source})`);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (/^(Conversion|Out of Range|Invalid Input) Error/.test(text) && !text.includes("not supported by"))
      throw filteredData(txnId, "A value does not fit its column's type");
    throw error;
  }
  try {
    await checkRows(cluster, table, name, txnId);
  } catch (error) {
    await dropStage(cluster, name);
    throw error;
  }
  const [row] = await cluster.duck.rows(`SELECT count(*) FROM ${name}`);
  return { name, rows: Number(row?.[0] ?? 0) };
}

export async function dropStage(cluster: StorageHost, name: string): Promise<void> {
  await cluster.duck.run(`DROP TABLE IF EXISTS ${name}`);
}

async function checkRows(cluster: StorageHost, table: Table, stage: string, txnId: number): Promise<void> {
  const checks = table.columns.flatMap((column) => columnChecks(column));
  if (table.keysType === "PRIMARY") checks.push(primaryKeySize(table));
  if (checks.length === 0) return;
  const counts = checks.map((check) => `count(*) FILTER (WHERE ${check.failing})`);
  const [row] = await cluster.duck.rows(`SELECT ${counts.join(", ")} FROM ${stage}`);
  const index = row?.findIndex((count) => Number(count) > 0) ?? -1;
  const failed = checks[index];
  if (failed) throw failed.error ?? filteredData(txnId, failed.why);
}

type Check = { failing: string; why: string; error?: SqlError };

function columnChecks(column: Column): Check[] {
  const name = quoteName(column.name);
  const checks: Check[] = [];
  // An id that is missing is given before the commit.
  if (!column.nullable && !column.autoIncrement)
    checks.push({ failing: `${name} IS NULL`, why: `NULL value in non-nullable column '${column.name}'` });
  const limit = maxBytes(column.type);
  if (limit !== undefined)
    checks.push({
      failing: `strlen(${name}) > ${limit}`,
      why: `String is too long. input length is greater than the schema length: ${limit}, column: '${column.name}'`,
    });
  return checks;
}

const fixedBytes: Record<string, number> = {
  BOOLEAN: 1,
  TINYINT: 1,
  SMALLINT: 2,
  INT: 4,
  BIGINT: 8,
  LARGEINT: 16,
  DATE: 4,
  DATETIME: 8,
};

/** Encoded key: 128 bytes; every string but the last costs two more (starrocks.md §14.1). */
function primaryKeySize(table: Table): Check {
  const keys = table.columns.filter((column) => column.key);
  const parts = keys.map((column, index) => {
    const fixed = fixedBytes[column.type.name];
    if (fixed !== undefined) return String(fixed);
    return `strlen(${quoteName(column.name)}) + ${index < keys.length - 1 ? 2 : 0}`;
  });
  const why = "primary key size exceed the limit.";
  return { failing: `${parts.join(" + ")} > 128`, why, error: new SqlError(why) };
}
