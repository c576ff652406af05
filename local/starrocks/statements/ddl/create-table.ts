import { analysisError, ddlError, type SqlError } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { requireOnDatabase } from "../../engine/access.ts";
import { type Context, requireDatabase, splitName } from "../../engine/context.ts";
import { followWindow } from "../../jobs/partition-scheduler.ts";
import { expandDefinitions } from "../../metadata/definitions.ts";
import type { Column, Distribution, Partitioning, Table } from "../../metadata/model.ts";
import { generatedKeyPrefix, type NamedValues, shadowPartition } from "../../metadata/model.ts";
import { partitionColumnTypes } from "../../metadata/partition-text.ts";
import type { KeysType } from "../../sql/create-table.ts";
import { type CreateTable, parseCreateTable } from "../../sql/create-table.ts";
import type { PartitionBy } from "../../sql/partition-by.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { newPartition } from "../../storage/partitions.ts";
import { createDataTable } from "../../storage/rows.ts";
import { checkSortKey, tableColumns, tableKeys } from "./column-rules.ts";
import { createdWindow, dynamicOnly } from "./dynamic-properties.ts";
import { checkGeneratedKeys, withGeneratedKeys } from "./partition-keys.ts";
import { checkDefinitions, checkListValues, checkRanges } from "./partition-rules.ts";
import { replication } from "./replication.ts";
import { checkIndexes } from "./table-indexes.ts";
import { checkTableProperties } from "./table-properties.ts";

const namePattern = /^[^\0]{1,1024}$/;

export const tableExists = (name: string): SqlError =>
  analysisError(`Table '${name}' already exists`, 1050, "42S01");

/** After `CREATE TABLE`. */
export async function createTable(tokens: Tokens, context: Context): Promise<Result> {
  const statement = withGeneratedKeys(parseCreateTable(tokens), context.cluster.options.version);
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
    await followWindow(context.cluster, table);
    return ok();
  });
}

function buildTable(statement: CreateTable, context: Context, dbId: number, name: string): Table {
  const { cluster } = context;
  const keys = tableKeys(statement);
  const columns = tableColumns(statement, keys);
  checkSortKey(statement, keys);
  const partitioning = tablePartitioning(statement, columns, keys);
  checkTableProperties(statement.properties, columns, keys.type);
  const replicationNum = replication(statement.properties, cluster.aliveBackends());
  const table: Table = {
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
    properties: { ...statement.properties },
    state: "NORMAL",
    createTime: cluster.now(),
    nextAutoIncrement: 1,
    engine: "OLAP",
    indexes: checkIndexes(statement.indexes, columns),
  };
  const given = dynamicOnly(statement.properties);
  const others = Object.entries(statement.properties).filter(([key]) => !(key in given));
  table.properties = { ...Object.fromEntries(others), ...createdWindow(given, table) };
  return table;
}

const keyNames = (by: PartitionBy): readonly string[] => {
  if (by.kind === "expression") return [by.column];
  if (by.kind !== "automatic-list") return by.columns;
  return by.keys.map((key) => (key.kind === "column" ? key.name : key.column));
};

const rangeTypes = new Set(["TINYINT", "SMALLINT", "INT", "BIGINT", "LARGEINT", "DATE", "DATETIME"]);

function tablePartitioning(
  statement: CreateTable,
  columns: readonly Column[],
  keys: { type: KeysType; columns: readonly string[] },
): Partitioning {
  const by = statement.partitionBy;
  if (!by) return { kind: "none" };
  const names = keyNames(by);
  checkGeneratedKeys(names, keys.type);
  for (const name of names) {
    const column = columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!column) throw analysisError(`Partition column[${name}] does not exist in column list`);
    if (by.kind === "range" && !rangeTypes.has(column.type.name))
      throw ddlError(`Column[${column.name}] type[${column.type.name}] cannot be a range partition key.`);
    if (keys.type !== "DUPLICATE" && !column.key && !column.name.startsWith(generatedKeyPrefix))
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
  // 0 is automatic, as is no number at all; that is one bucket here.
  const buckets = by?.buckets || 1;
  if (!by || by.kind === "RANDOM") {
    if (!by && keys.type !== "DUPLICATE") return { kind: "HASH", columns: keys.columns, buckets };
    if (keys.type !== "DUPLICATE")
      throw analysisError(`${keys.type.toLowerCase()} keys table must use hash distribution`);
    return { kind: "RANDOM", columns: [], buckets };
  }
  for (const name of by.columns) {
    if (!columns.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      throw analysisError(`Distribution column(${name}) doesn't exist.`);
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
  const defined = expandDefinitions(by.partitions, types, [], { refuse: ddlError });
  checkDefinitions(by.partitions, defined);
  checkListValues(table, defined);
  checkRanges(table, defined, [], ddlError);
  return [...shadow, ...defined];
}
