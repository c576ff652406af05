import { typeText } from "../duckdb/translate/types.ts";
import { JobFailure } from "../metadata/job.ts";
import type { Column, Partition, Partitioning, Table } from "../metadata/model.ts";
import { partitionColumns } from "../metadata/partition-text.ts";
import { shortKeyCount } from "../metadata/short-keys.ts";

type Definition = Readonly<{ table: Table; partitions: readonly Partition[] }>;

/** One value that enters the checksum, and what is said when the sums differ from there on. */
type Entry = readonly [value: string, reason: string];

const failure = (message: string): JobFailure => new JobFailure("COMMON_ERROR", message);

/** EXPR_RANGE is a type of its own; automatic lists are lists. */
const partitionType = (partitioning: Partitioning): string =>
  partitioning.kind === "range" && partitioning.automatic ? "expression range" : partitioning.kind;

const columnsText = (table: Table, names: readonly string[]): string =>
  names
    .map((name) => {
      const column = table.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
      return column ? `${column.name} ${typeText(column.type)}` : name;
    })
    .join(", ");

function bloomEntries({ properties }: Table): Entry[] {
  const columns = (properties["bloom_filter_columns"] ?? "").split(",").map((name) => name.trim());
  const named = columns.filter((name) => name !== "").sort();
  const values = named.length === 0 ? [] : [...named, properties["bloom_filter_fpp"] ?? ""];
  return values.map((value) => [value, "bloom filter is inconsistent"]);
}

/** The distribution's type has no entry of its own; only HASH adds entries (§6.4 A 5). */
function partitionEntries(table: Table, partition: Partition): Entry[] {
  const name: Entry = [partition.name, "partition name is inconsistent"];
  if (table.distribution.kind !== "HASH") return [name];
  return [
    name,
    [columnsText(table, table.distribution.columns), "partition distribution col hash is inconsistent"],
    // Only the low 8 bits enter the sum.
    [String(partition.buckets % 256), "bucket num is inconsistent"],
  ];
}

/** §6.4 A 5: what is hashed of a table, in its order. The base index is named like the table. */
function signature({ table, partitions }: Definition, common: ReadonlySet<string>): Entry[] {
  const compared = partitions
    .filter(({ name }) => common.has(name))
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  return [
    [table.name, "Table name is inconsistent"],
    [table.engine, "Table type is inconsistent"],
    [table.name, "indexName is inconsistent"],
    [String(shortKeyCount(table)), "short key column count is inconsistent"],
    ["COLUMN", "storage type is inconsistent"],
    ...bloomEntries(table),
    [partitionType(table.partitioning), "partition type is inconsistent"],
    ...(table.partitioning.kind === "range"
      ? [[columnsText(table, partitionColumns(table)), "partition columns is inconsistent"] as const]
      : []),
    ...compared.flatMap((partition) => partitionEntries(table, partition)),
  ];
}

/** Why the signatures differ, undefined if they agree; sums of different lengths are not compared: no reason. */
function difference(local: Definition, remote: Definition): string | undefined {
  const theirs = new Set(remote.partitions.map(({ name }) => name));
  const common = new Set(local.partitions.flatMap(({ name }) => (theirs.has(name) ? [name] : [])));
  const [a, b] = [signature(local, common), signature(remote, common)];
  if (a.length !== b.length) return "";
  const at = a.findIndex(([value], index) => value !== b[index]?.[0]);
  if (at >= 0) return a[at]?.[1];
  return local.table.columns.length === remote.table.columns.length ? undefined : "";
}

/** Name in any case, type, aggregation, key flag, nullability, default, expression and comment (§6.4 A 6). */
const columnText = (column: Column): string =>
  JSON.stringify([
    column.name.toLowerCase(),
    typeText(column.type),
    column.aggregation ?? "",
    column.key,
    column.nullable,
    column.default ?? null,
    column.autoIncrement ?? false,
    column.generated ?? null,
    column.comment,
  ]);

/** §6.4 A 5-6: an existing table takes a snapshot only if its definition is the same; all its partitions count. */
export function checkSameSchema(local: Definition, remote: Definition): void {
  const { name } = local.table;
  if (partitionType(local.table.partitioning) !== partitionType(remote.table.partitioning))
    throw failure("Table's partition type is different");
  const reason = difference(local, remote);
  if (reason !== undefined)
    throw failure(`Table ${name} already exist but with different schema, errMsg: ${reason}`);
  if (local.table.keysType !== remote.table.keysType)
    throw failure(`Table ${name} already exist but with different key type`);
  for (const [index, mine] of local.table.columns.entries()) {
    const other = remote.table.columns[index];
    if (other && columnText(mine) !== columnText(other))
      throw failure(
        `Table ${name} already exist but with different schema, column: ${mine.name} in existed table is different from the column in backup snapshot, column: ${other.name}`,
      );
  }
}
