import { unsupported } from "../basics/errors.ts";
import { quoteName } from "../duckdb/duck.ts";
import type { Partition, Table } from "../metadata/model.ts";
import type { Routed } from "./route.ts";
import { columnList, dataTable, inPartitions } from "./rows.ts";
import type { StorageHost } from "./storage-host.ts";

const keysMatch = (table: Table, a: string, b: string): string =>
  [
    `${a}.__partition = ${b}.__partition`,
    ...table.columns
      .filter((column) => column.key)
      .map((column) => `${a}.${quoteName(column.name)} IS NOT DISTINCT FROM ${b}.${quoteName(column.name)}`),
  ].join(" AND ");

const keyList = (table: Table): string =>
  [
    "__partition",
    ...table.columns.filter((column) => column.key).map((column) => quoteName(column.name)),
  ].join(", ");

/** Puts routed rows into the table as its key model says; by name, as a column added in the middle is the last in DuckDB. */
export async function applyRows(cluster: StorageHost, table: Table, routed: Routed): Promise<void> {
  const target = dataTable(table);
  const columns = columnList(table);
  if (table.keysType === "DUPLICATE") {
    await cluster.duck.run(
      `INSERT INTO ${target} (__partition, ${columns}) SELECT __partition, ${columns} FROM ${routed.name} ORDER BY __row`,
    );
    return;
  }
  if (table.keysType === "AGGREGATE") return aggregateRows(cluster, table, routed);
  // PRIMARY and UNIQUE: an upsert, the last row of a key wins; there is no duplicate-key error (§14.1).
  await cluster.duck.run(
    `DELETE FROM ${target} USING ${routed.name} r WHERE ${keysMatch(table, `t${table.id}`, "r")}`,
  );
  await cluster.duck.run(
    `INSERT INTO ${target} (__partition, ${columns}) SELECT __partition, ${columns} FROM ${routed.name}
     QUALIFY row_number() OVER (PARTITION BY ${keyList(table)} ORDER BY __row DESC) = 1 ORDER BY __row`,
  );
}

const merges: Record<string, (name: string) => string> = {
  SUM: (name) => `sum(${name})`,
  MIN: (name) => `min(${name})`,
  MAX: (name) => `max(${name})`,
  REPLACE: (name) => `last(${name} ORDER BY __row)`,
  REPLACE_IF_NOT_NULL: (name) => `last(${name} ORDER BY __row) FILTER (WHERE ${name} IS NOT NULL)`,
};

async function aggregateRows(cluster: StorageHost, table: Table, routed: Routed): Promise<void> {
  const target = dataTable(table);
  const columns = columnList(table);
  const merged = `merged_${routed.name}`;
  const values = table.columns.map((column) => {
    const name = quoteName(column.name);
    const merge = column.aggregation ? merges[column.aggregation] : undefined;
    return merge ? `${merge(name)} AS ${name}` : name;
  });
  const matching = `SELECT 1 FROM ${routed.name} r WHERE ${keysMatch(table, "t", "r")}`;
  await cluster.duck.run(
    `CREATE TEMP TABLE ${merged} AS SELECT __partition, ${values.join(", ")} FROM (
       SELECT __partition, -1 AS __row, ${columns} FROM ${target} t WHERE EXISTS (${matching})
       UNION ALL SELECT __partition, __row, ${columns} FROM ${routed.name}) GROUP BY ${keyList(table)}`,
  );
  await cluster.duck.run(
    `DELETE FROM ${target} USING ${routed.name} r WHERE ${keysMatch(table, `t${table.id}`, "r")}`,
  );
  await cluster.duck.run(
    `INSERT INTO ${target} (__partition, ${columns}) SELECT __partition, ${columns} FROM ${merged}`,
  );
  await cluster.duck.run(`DROP TABLE ${merged}`);
}

/** One published transaction on these partitions: +1, commit time (§9.4). */
export function publishVersion(cluster: StorageHost, partitions: readonly Partition[], time: number): void {
  for (const partition of partitions) {
    for (const physical of partition.physical.slice(0, 1)) {
      // Behind a gap nothing is ever published (§6.7).
      if (physical.nextVersion !== physical.visibleVersion + 1)
        throw unsupported("This load behind a gap in NEXT_VERSION");
      physical.visibleVersion = physical.nextVersion;
      physical.nextVersion += 1;
      physical.visibleVersionTime = time;
      physical.dataVersion = physical.visibleVersion;
    }
    cluster.catalog.touch("partition", partition.id);
  }
}

/** Exact counts for the partitions a statement touched; a rough size. */
export async function recount(
  cluster: StorageHost,
  table: Table,
  partitions: readonly Partition[],
): Promise<void> {
  const physicals = partitions.flatMap((partition) => partition.physical);
  if (physicals.length === 0 || cluster.knobs.staleStatistics) return;
  const ids = physicals.map((physical) => physical.id);
  const rows = await cluster.duck.rows(
    `SELECT __partition, count(*) FROM ${dataTable(table)} WHERE ${inPartitions(ids)} GROUP BY __partition`,
  );
  const counts = new Map(rows.map(([id, count]) => [Number(id), Number(count)]));
  for (const physical of physicals) {
    physical.rows = counts.get(physical.id) ?? 0;
    physical.bytes = physical.rows * table.columns.length * 16;
  }
  for (const partition of partitions) cluster.catalog.touch("partition", partition.id);
}
