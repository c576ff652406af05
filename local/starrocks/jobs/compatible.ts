import type { Column, Partition, Table } from "../metadata/model.ts";
import { partitionColumns } from "../metadata/partition-text.ts";
import { typeText } from "../translate/types.ts";
import { JobFailure } from "./job.ts";

type Source = Readonly<{ table: Table; partitions: readonly Partition[] }>;

const failure = (message: string): JobFailure => new JobFailure("COMMON_ERROR", message);

const keyCount = (table: Table): number => Math.min(3, table.columns.filter((column) => column.key).length);

const bloom = (table: Table): string =>
  `${table.properties["bloom_filter_columns"] ?? ""}/${table.properties["bloom_filter_fpp"] ?? ""}`;

/** §6.4 5: why the signatures differ, in the order in which they are hashed; undefined if they agree. */
function signatureDifference(local: Table, locals: readonly Partition[], source: Source): string | undefined {
  const remote = source.table;
  if (local.name !== remote.name) return "Table name is inconsistent";
  if (local.engine !== remote.engine) return "Table type is inconsistent";
  if (keyCount(local) !== keyCount(remote)) return "short key column count is inconsistent";
  if (bloom(local) !== bloom(remote)) return "bloom filter is inconsistent";
  if (local.partitioning.kind !== remote.partitioning.kind) return "partition type is inconsistent";
  if (local.partitioning.kind === "range" && !sameList(partitionColumns(local), partitionColumns(remote)))
    return "partition columns is inconsistent";
  const common = source.partitions.flatMap((one) => {
    const mine = locals.find((other) => other.name.toLowerCase() === one.name.toLowerCase());
    return mine ? [[mine, one] as const] : [];
  });
  for (const [mine, one] of common) {
    if (mine.name !== one.name) return "partition name is inconsistent";
    const hash = local.distribution.kind === "HASH";
    if (
      local.distribution.kind !== remote.distribution.kind ||
      (hash && !sameList(local.distribution.columns, remote.distribution.columns))
    )
      return "partition distribution col hash is inconsistent";
    // Only the low 8 bits enter the sum.
    if (hash && mine.buckets % 256 !== one.buckets % 256) return "bucket num is inconsistent";
  }
  return undefined;
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.join("\0").toLowerCase() === b.join("\0").toLowerCase();

const columnText = (column: Column): string =>
  [
    `\`${column.name}\` ${typeText(column.type)}`,
    column.aggregation ?? "",
    column.nullable ? "NULL" : "NOT NULL",
    column.default ? `DEFAULT ${JSON.stringify(column.default)}` : "",
    `COMMENT "${column.comment}"`,
  ]
    .filter((part) => part !== "")
    .join(" ");

const sameColumn = (a: Column, b: Column): boolean =>
  columnText({ ...a, name: a.name.toLowerCase() }) === columnText({ ...b, name: b.name.toLowerCase() }) &&
  a.key === b.key;

/** §6.4 5-6: an existing table takes a snapshot only if its definition is the same. */
export function checkSameSchema(local: Table, locals: readonly Partition[], source: Source): void {
  const { name } = local;
  if (local.name === source.table.name && local.partitioning.kind !== source.table.partitioning.kind)
    throw failure("Table's partition type is different");
  const difference = signatureDifference(local, locals, source);
  if (difference !== undefined)
    throw failure(`Table ${name} already exist but with different schema, errMsg: ${difference}`);
  if (local.columns.length !== source.table.columns.length)
    throw failure(`Table ${name} already exist but with different schema, errMsg: `);
  if (local.keysType !== source.table.keysType)
    throw failure(`Table ${name} already exist but with different key type`);
  for (const [index, mine] of local.columns.entries()) {
    const other = source.table.columns[index];
    if (!other || !sameColumn(mine, other)) {
      throw failure(
        `Table ${name} already exist but with different schema, column: ${columnText(mine)} in existed table is different from the column in backup snapshot, column: ${other ? columnText(other) : ""}`,
      );
    }
  }
}
