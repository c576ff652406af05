import type { PartitionKind } from "../catalog/manifest.ts";
import type { TableDefinition } from "../catalog/table-definition.ts";
import { groupBy } from "../group-by.ts";
import type { PhysicalPartition } from "../starrocks/observe/partitions.ts";
import type { ColumnDefinition, TableConfig } from "../starrocks/observe/tables.ts";
import { fingerprint } from "./fingerprint.ts";
import { type PartitionedTable, partitionRecipes } from "./partition-recipe.ts";
import { granularityOf, mayBeMerged } from "./range-class.ts";
import { definitionHash, type SchemaChanges, schemaHash } from "./schema-hash.ts";
import { definitionOf } from "./table-definition.ts";

/** The hidden partition of automatic tables: never data, so never compared. */
export const shadowPartition = "$shadow_automatic_partition";

/** One logical partition as it is now. */
export interface LivePartition {
  readonly partition: string;
  readonly fingerprint: string;
  readonly rows: number;
  readonly bytes: number;
  /** Its range or values, as partitions_meta shows them. */
  readonly value: string;
}

/** How much there is of something. */
export interface Amount {
  readonly partitions: number;
  readonly rows: number;
  readonly bytes: number;
}

/** A table as it is now, without its partitions, of which there can be very many. */
export interface LiveTableFacts {
  readonly database: string;
  readonly table: string;
  readonly schemaHash: string;
  readonly partitionKind: PartitionKind;
  readonly automatic: boolean;
  readonly replicationNum: number;
  /** Undefined where nobody has asked for its columns. */
  readonly definition?: TableDefinition;
  readonly holds: Amount;
}

/** A table as it is now. */
export interface LiveTable extends Omit<LiveTableFacts, "holds"> {
  readonly partitions: ReadonlyMap<string, LivePartition>;
  /** Partitions that could not be put beside others of the table when it is restored, each with the reason. */
  readonly unmakeable: ReadonlyMap<string, string>;
  /** Class of its least range, and so of all makeable ones, where ranges of that class may have been merged from shorter ones. */
  readonly uncertainGranularity: string | undefined;
}

/** `database.table`, for messages and as a map key within one listing. */
export function tableKey(table: { readonly database: string; readonly table: string }): string {
  return `${table.database}.${table.table}`;
}

/** What remains of a table when its partitions have been dealt with. */
export function factsOf({
  partitions,
  unmakeable: _,
  uncertainGranularity: __,
  ...facts
}: LiveTable): LiveTableFacts {
  return { ...facts, holds: amount([...partitions.values()]) };
}

export function amount(partitions: readonly LivePartition[]): Amount {
  return {
    partitions: partitions.length,
    rows: partitions.reduce((sum, each) => sum + each.rows, 0),
    bytes: partitions.reduce((sum, each) => sum + each.bytes, 0),
  };
}

/** Puts what is known of one table together. Temporary partitions are nobody's data yet. */
export function liveTable(
  config: TableConfig,
  columns: readonly ColumnDefinition[],
  physical: readonly PhysicalPartition[],
  changes: SchemaChanges,
): LiveTable {
  const settled = physical.filter((row) => !row.temporary);
  const real = settled.filter((row) => row.partition !== shadowPartition);
  const kind = partitionKind(config, settled);
  const automatic = settled.some((row) => row.partition === shadowPartition);
  const nullable = hasNullableKey(config, columns);
  return {
    database: config.database,
    table: config.table,
    schemaHash: schemaHash(definitionHash(config, columns), changes),
    definition: definitionOf(config, columns),
    partitionKind: kind,
    automatic,
    unmakeable: unmakeable({ partitionKind: kind, automatic, nullable }, real),
    uncertainGranularity:
      kind === "range" && automatic ? uncertainGranularity(config, columns, real) : undefined,
    replicationNum: settled.reduce((most, row) => Math.max(most, row.replicationNum), 1),
    partitions: new Map(
      [...groupBy(real, (row) => row.partition)].map(([name, rows]) => [name, logical(name, rows)]),
    ),
  };
}

/** Whether a partition column takes NULL. */
export function hasNullableKey(
  { partitionKey }: Pick<TableConfig, "partitionKey">,
  columns: readonly Pick<ColumnDefinition, "column" | "nullable">[],
): boolean {
  const keys = new Set(columnNames(partitionKey));
  return columns.some((column) => keys.has(column.column) && column.nullable === "YES");
}

/** Reads `` `a`, `b` ``, as StarRocks lists columns. */
export function columnNames(quoted: string): readonly string[] {
  return [...quoted.matchAll(/`((?:[^`]|``)+)`/g)].map(([, column]) => (column ?? "").replaceAll("``", "`"));
}

function unmakeable(
  table: PartitionedTable,
  real: readonly PhysicalPartition[],
): ReadonlyMap<string, string> {
  if (table.partitionKind === "none") return new Map();
  const recipeOf = partitionRecipes(table, real);
  return new Map(
    real.flatMap((row) => {
      const recipe = recipeOf(row);
      return recipe.kind === "impossible" ? [[row.partition, recipe.reason] as const] : [];
    }),
  );
}

function uncertainGranularity(
  { partitionKey }: TableConfig,
  columns: readonly ColumnDefinition[],
  real: readonly PhysicalPartition[],
): string | undefined {
  const granularity = granularityOf(real.map(({ value }) => value));
  const [key] = columnNames(partitionKey);
  const type = columns.find(({ column }) => column === key)?.type ?? "";
  return granularity !== undefined && mayBeMerged(granularity, type.toLowerCase()) ? granularity : undefined;
}

function logical(partition: string, physical: readonly PhysicalPartition[]): LivePartition {
  return {
    partition,
    fingerprint: fingerprint(physical),
    rows: physical.reduce((sum, row) => sum + row.rows, 0),
    bytes: physical.reduce((sum, row) => sum + row.bytes, 0),
    value: physical[0]?.value ?? "",
  };
}

/** Ranges print as `[types: …; keys: …)`; everything else with a partition key is a list. */
function partitionKind(config: TableConfig, settled: readonly PhysicalPartition[]): PartitionKind {
  if (config.partitionKey === "") return "none";
  return settled.some((row) => row.value.startsWith("[types:")) ? "range" : "list";
}
