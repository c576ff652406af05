import { analysisError, commonError, type SqlError } from "../errors.ts";
import { expandDefinitions, type NamedValues } from "../metadata/definitions.ts";
import type { Column, Distribution, KeysType, Partitioning, Table } from "../metadata/model.ts";
import { shadowPartition } from "../metadata/model.ts";
import { partitionColumnTypes } from "../metadata/partition-text.ts";

import { requireOnDatabase } from "../privileges/check.ts";
import { ok, type Result } from "../protocol/result.ts";
import { type CreateTable, parseCreateTable } from "../sql/create-table.ts";
import type { Tokens } from "../sql/tokens.ts";
import { createDataTable } from "../storage/rows.ts";
import { tableColumns, tableKeys } from "./column-rules.ts";
import { type Context, requireDatabase, splitName } from "./context.ts";
import { checkDefinitions, checkListValues, checkRanges } from "./partition-rules.ts";
import { newPartition } from "./partitions.ts";

const namePattern = /^[^\0]{1,1024}$/;

export const tableExists = (name: string): SqlError =>
  analysisError(`Table '${name}' already exists`, 1050, "42S01");

/** After `CREATE TABLE`. */
export async function createTable(tokens: Tokens, context: Context): Promise<Result> {
  const statement = parseCreateTable(tokens);
  tokens.expectEnd();
  return context.cluster.change(async () => {
    const { database: databaseName, name } = splitName(statement.name);
    const database = requireDatabase(context, databaseName);
    requireOnDatabase(context, database, "CREATE TABLE");
    if (context.cluster.catalog.relation(database, name)) {
      if (statement.ifNotExists) return ok();
      throw tableExists(name);
    }
    if (!namePattern.test(name)) throw analysisError(`Incorrect table name '${name}'`, 1104, "42000");
    const table = buildTable(statement, context, database.id, name);
    context.cluster.catalog.addRelation(table);
    for (const values of initialPartitions(statement, table)) newPartition(context.cluster, table, values);
    await createDataTable(context.cluster, table);
    return ok();
  });
}

function buildTable(statement: CreateTable, context: Context, dbId: number, name: string): Table {
  const { cluster } = context;
  const keys = tableKeys(statement);
  const columns = tableColumns(statement, keys);
  const partitioning = tablePartitioning(statement, columns, keys);
  const replicationNum = replication(statement.properties, cluster.aliveBackends());
  return {
    kind: "table",
    id: cluster.catalog.newId(),
    dbId,
    name,
    keysType: keys.type,
    columns,
    sortKey: [...(statement.orderBy ?? [])],
    partitioning,
    distribution: tableDistribution(statement, columns, keys),
    replicationNum,
    comment: statement.comment,
    properties: tableProperties(statement.properties),
    state: "NORMAL",
    createTime: cluster.now(),
    nextAutoIncrement: 1,
    engine: "OLAP",
  };
}

/** replication_num defaults to 3, which a cluster with fewer backends cannot give (§14.1). */
export function replication(properties: Readonly<Record<string, string>>, alive: readonly number[]): number {
  const text = properties["replication_num"] ?? "3";
  if (!/^\d+$/.test(text) || Number(text) < 1) throw commonError("Replication num should larger than 0");
  const wanted = Number(text);
  if (wanted > alive.length) {
    throw commonError(
      "Table replication num should be less than or equal to the number of available BE nodes. " +
        `You can change this default by setting the replication_num table properties. Current alive backend is [${alive.join(",")}].`,
    );
  }
  return wanted;
}

const knownProperties = new Set([
  "replication_num",
  "bloom_filter_columns",
  "bloom_filter_fpp",
  "storage_medium",
  "storage_cooldown_time",
  "storage_cooldown_ttl",
  "colocate_with",
  "enable_persistent_index",
  "persistent_index_type",
  "compression",
  "replicated_storage",
  "fast_schema_evolution",
  "in_memory",
  "light_schema_change",
  "partition_live_number",
  "partition_ttl",
  "bucket_size",
  "write_quorum",
  "labels.location",
  "storage_format",
  "base_compaction_forbidden_time_ranges",
  "dynamic_partition.enable",
  "dynamic_partition.time_unit",
  "dynamic_partition.time_zone",
  "dynamic_partition.start",
  "dynamic_partition.end",
  "dynamic_partition.prefix",
  "dynamic_partition.buckets",
  "dynamic_partition.history_partition_num",
]);

function tableProperties(given: Readonly<Record<string, string>>): Record<string, string> {
  const unknown = Object.keys(given).filter((key) => !knownProperties.has(key));
  if (unknown.length > 0)
    throw commonError(`Unknown properties: {${unknown.map((key) => `${key}=${given[key]}`).join(", ")}}`);
  return { ...given };
}

const rangeTypes = new Set(["TINYINT", "SMALLINT", "INT", "BIGINT", "LARGEINT", "DATE", "DATETIME"]);

function tablePartitioning(
  statement: CreateTable,
  columns: readonly Column[],
  keys: { type: KeysType; columns: readonly string[] },
): Partitioning {
  const by = statement.partitionBy;
  if (!by) return { kind: "none" };
  const names = by.kind === "expression" ? [by.column] : by.columns;
  for (const name of names) {
    const column = columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!column) throw analysisError(`Partition column[${name}] does not exist in column list`);
    if (by.kind === "range" && !rangeTypes.has(column.type.name))
      throw commonError(`Column[${column.name}] type[${column.type.name}] cannot be a range partition key.`);
    if (keys.type !== "DUPLICATE" && !column.key)
      throw analysisError(
        `The partition column could not be aggregated column, unique key column and primary key column: ${name}`,
      );
  }
  if (by.kind === "expression")
    return {
      kind: "range",
      columns: names,
      automatic: {
        fn: by.fn,
        unit: by.unit,
        text: by.text,
        ...(by.every !== undefined && { every: by.every }),
      },
    };
  if (by.kind === "range") return { kind: "range", columns: names };
  return { kind: "list", columns: names, automatic: by.kind === "automatic-list" };
}

function tableDistribution(
  statement: CreateTable,
  columns: readonly Column[],
  keys: { type: KeysType; columns: readonly string[] },
): Distribution {
  const by = statement.distributedBy;
  const buckets = by?.buckets ?? 1;
  if (!by || by.kind === "RANDOM") {
    if (!by && keys.type !== "DUPLICATE") return { kind: "HASH", columns: keys.columns, buckets };
    if (keys.type !== "DUPLICATE")
      throw analysisError(`${keys.type.toLowerCase()} keys table must use hash distribution`);
    return { kind: "RANDOM", columns: [], buckets };
  }
  for (const name of by.columns) {
    if (!columns.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      throw analysisError(`Distribution column(${name}) doesn't exist`);
  }
  return { kind: "HASH", columns: by.columns, buckets };
}

/** An unpartitioned table has one partition named like itself; an automatic one starts with its shadow (§10). */
function initialPartitions(statement: CreateTable, table: Table): NamedValues[] {
  const by = statement.partitionBy;
  if (!by) return [{ name: table.name, ifNotExists: false, values: { kind: "none" } }];
  const types = partitionColumnTypes(table);
  const shadow: NamedValues[] = [];
  if (table.partitioning.kind === "range" && table.partitioning.automatic) {
    const zero = types[0] === "DATE" ? "0000-01-01" : "0000-01-01 00:00:00";
    shadow.push({
      name: shadowPartition,
      ifNotExists: false,
      values: { kind: "range", lower: [zero], upper: [zero] },
    });
  } else if (table.partitioning.kind === "list" && table.partitioning.automatic) {
    shadow.push({
      name: shadowPartition,
      ifNotExists: false,
      values: { kind: "list", items: [], multi: false },
    });
  }
  if (by.kind === "automatic-list") return shadow;
  const defined = expandDefinitions(by.partitions, types, [], commonError);
  checkDefinitions(by.partitions, defined);
  checkListValues(table, defined);
  checkRanges(table, defined, [], commonError);
  return [...shadow, ...defined];
}
