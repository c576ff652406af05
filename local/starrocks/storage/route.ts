import { quoteName, quoteText } from "../duckdb/duck.ts";
import type { AutomaticRange, Partition, Table } from "../metadata/model.ts";
import { isShadow, partitionColumns, partitionColumnTypes } from "../metadata/partition-text.ts";
import { compareBound } from "../metadata/ranges.ts";
import { automaticStart, autoPartition } from "./auto-partition.ts";
import { filteredData, type Stage } from "./stage.ts";
import type { StorageHost } from "./storage-host.ts";

export type Routed = Readonly<{
  /** Temp table: the stage's columns and `__partition`. */
  name: string;
  /** Rows per physical partition. */
  counts: ReadonlyMap<number, number>;
  /** Logical partitions that received rows. */
  touched: readonly Partition[];
}>;

/** Start of the automatic partition a value falls into; slices are counted from the year 1. */
function lowerBound({ unit, every }: AutomaticRange, value: string): string {
  return every === undefined
    ? `date_trunc(${quoteText(unit)}, ${value})`
    : `time_bucket(INTERVAL ${every} ${unit}, CAST(${value} AS TIMESTAMP), TIMESTAMP '0001-01-01')`;
}

/** Text of a partition column as bounds are written: canonical, to the second. */
function keyText(column: string, type: string, table: Table): string {
  const name = quoteName(column);
  const automatic = table.partitioning.kind === "range" ? table.partitioning.automatic : undefined;
  if (type === "DATETIME") {
    const value = automatic ? lowerBound(automatic, name) : name;
    return `strftime(${value}, '%Y-%m-%d %H:%M:%S')`;
  }
  if (type === "DATE" && automatic) return `strftime(${lowerBound(automatic, name)}, '%Y-%m-%d')`;
  return `CAST(${name} AS VARCHAR)`;
}

interface RouteOptions {
  /** Partitions that may get rows. */
  readonly targets: readonly Partition[];
  /** Whether an automatic table may get new ones. */
  readonly create: boolean;
  readonly txnId: number;
}

/** Decides the partition of every staged row; automatic tables get the partitions they lack. */
export async function routeRows(
  cluster: StorageHost,
  table: Table,
  stage: Stage,
  { targets, ...options }: RouteOptions,
): Promise<Routed> {
  const name = `routed_${stage.name}`;
  const keys = partitionColumns(table);
  const [only] = targets;
  if (keys.length === 0 && only) {
    const id = only.physical[0]?.id ?? 0;
    await cluster.duck.run(
      `CREATE TEMP TABLE ${name} AS SELECT ${id}::BIGINT AS __partition, rowid AS __row, * FROM ${stage.name}`,
    );
    return { name, counts: new Map([[id, stage.rows]]), touched: stage.rows > 0 ? [only] : [] };
  }
  const types = partitionColumnTypes(table);
  const exprs = keys.map((key, index) => keyText(key, types[index] ?? "", table));
  const named = exprs.map((expr, index) => `${expr} AS k${index}`);
  const distinct = await cluster.duck.rows(
    `SELECT ${named.join(", ")}, count(*) FROM ${stage.name} GROUP BY ALL ORDER BY ALL`,
  );
  const find = finderOf(table, targets);
  const routes: { key: (string | null)[]; partition: Partition; rows: number }[] = [];
  for (const row of distinct) {
    const key = row
      .slice(0, keys.length)
      .map((value) => (value === null || value === undefined ? null : String(value)));
    const partition = find(key) ?? (options.create ? autoPartition(cluster, table, key) : undefined);
    if (!partition)
      throw filteredData(options.txnId, `The row is out of partition ranges: (${key.join(", ")})`);
    routes.push({ key, partition, rows: Number(row[keys.length]) });
  }
  await writeRoutes(cluster, name, keys.length, routes);
  const join = exprs.map((expr, index) => `r.k${index} IS NOT DISTINCT FROM ${expr}`).join(" AND ");
  await cluster.duck.run(
    `CREATE TEMP TABLE ${name} AS SELECT r.pid AS __partition, s.rowid AS __row, s.* FROM ${stage.name} s JOIN ${name}_map r ON ${join}`,
  );
  await cluster.duck.run(`DROP TABLE ${name}_map`);
  const counts = new Map<number, number>();
  for (const route of routes) {
    const id = route.partition.physical[0]?.id ?? 0;
    counts.set(id, (counts.get(id) ?? 0) + route.rows);
  }
  return { name, counts, touched: [...new Set(routes.map((route) => route.partition))] };
}

function finderOf(table: Table, targets: readonly Partition[]): Finder {
  const find = partitionFinder(targets, partitionColumnTypes(table));
  const automatic = table.partitioning.kind === "range" && table.partitioning.automatic;
  return automatic ? (key) => find(key.map((value) => automaticStart(table, value))) : find;
}

async function writeRoutes(
  cluster: StorageHost,
  name: string,
  keys: number,
  routes: readonly { key: (string | null)[]; partition: Partition }[],
): Promise<void> {
  const columns = Array.from({ length: keys }, (_, index) => `k${index} VARCHAR`);
  await cluster.duck.run(`CREATE TEMP TABLE ${name}_map (${columns.join(", ")}, pid BIGINT)`);
  const appender = await cluster.duck.main.createAppender(`${name}_map`);
  for (const route of routes) {
    for (const value of route.key) {
      if (value === null) appender.appendNull();
      else appender.appendVarchar(value);
    }
    appender.appendBigInt(BigInt(route.partition.physical[0]?.id ?? 0));
    appender.endRow();
  }
  appender.closeSync();
}

type Finder = (key: readonly (string | null)[]) => Partition | undefined;

/** Binary search over ranges, a map over list values. */
export function partitionFinder(targets: readonly Partition[], types: readonly string[]): Finder {
  const lists = new Map<string, Partition>();
  const ranges: { partition: Partition; values: Extract<Partition["values"], { kind: "range" }> }[] = [];
  for (const partition of targets) {
    if (isShadow(partition)) continue;
    if (partition.values.kind === "list")
      for (const item of partition.values.items) lists.set(JSON.stringify(item), partition);
    if (partition.values.kind === "range") ranges.push({ partition, values: partition.values });
  }
  ranges.sort((a, b) => compareBound(a.values.lower, b.values.lower, types));
  return (key) => {
    if (ranges.length === 0) return lists.get(JSON.stringify(key));
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const range = ranges[middle];
      if (range && compareBound(range.values.lower, key, types) <= 0) low = middle + 1;
      else high = middle;
    }
    const candidate = ranges[low - 1];
    return candidate && compareBound(key, candidate.values.upper, types) < 0
      ? candidate.partition
      : undefined;
  };
}
