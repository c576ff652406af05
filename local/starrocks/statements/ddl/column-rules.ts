import { analysisError } from "../../basics/errors.ts";
import { duckType } from "../../duckdb/translate/types.ts";
import type { Column } from "../../metadata/model.ts";
import type { ColumnDefinition, CreateTable, KeysType } from "../../sql/create-table.ts";
import { defaultProblem } from "./default-value.ts";

type Keys = { type: KeysType; columns: readonly string[] };

const primaryKeyTypes = new Set([
  "BOOLEAN",
  "TINYINT",
  "SMALLINT",
  "INT",
  "BIGINT",
  "LARGEINT",
  "DATE",
  "DATETIME",
  "VARCHAR",
  "STRING",
]);
const notKeyTypes = new Set(["FLOAT", "DOUBLE", "JSON", "VARBINARY", "STRING"]);

/** Without a key clause: AGGREGATE if a column aggregates, else DUPLICATE over the leading columns. */
export function tableKeys(statement: CreateTable): Keys {
  if (statement.keys) return statement.keys;
  if (statement.columns.some((column) => column.aggregation)) {
    const columns = statement.columns.filter((column) => !column.aggregation).map((column) => column.name);
    return { type: "AGGREGATE", columns };
  }
  const columns: string[] = [];
  for (const column of statement.columns) {
    if (notKeyTypes.has(column.type.name) || columns.length === 3) break;
    columns.push(column.name);
    if (column.type.name === "VARCHAR") break;
  }
  return { type: "DUPLICATE", columns };
}

const primarySortTypes = new Set([...primaryKeyTypes, "VARBINARY"]);

/** ORDER BY: columns of the table, by the key model of types that sort or just the keys. */
export function checkSortKey(statement: CreateTable, keys: Keys): void {
  const sorted = (statement.orderBy ?? []).map((name) => {
    const column = statement.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!column) throw analysisError(`Unknown column '${name}' does not exist`);
    return column;
  });
  if (sorted.length === 0 || keys.type === "DUPLICATE") return;
  if (keys.type === "PRIMARY") {
    const wrong = sorted.find(({ type }) => !primarySortTypes.has(type.name));
    if (wrong) throw analysisError(`sort key column[${wrong.name}] type not supported: ${wrong.type.name}`);
    return;
  }
  const names = (list: readonly string[]) =>
    [...new Set(list.map((name) => name.toLowerCase()))].sort().join();
  if (names(sorted.map(({ name }) => name)) !== names(keys.columns))
    throw analysisError(`The sort columns of ${keys.type} KEY table must be same with key columns`);
}

export function tableColumns(statement: CreateTable, keys: Keys): Column[] {
  checkKeyOrder(statement, keys);
  const seen = new Set<string>();
  return statement.columns.map((definition) => {
    const lower = definition.name.toLowerCase();
    if (seen.has(lower)) throw analysisError(`Duplicate column name '${definition.name}'`, 1060, "42S21");
    seen.add(lower);
    return tableColumn(definition, keys);
  });
}

function checkKeyOrder(statement: CreateTable, keys: Keys): void {
  for (const [index, name] of keys.columns.entries()) {
    const column = statement.columns[index];
    if (!statement.columns.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      throw analysisError(`Key column(${name}) doesn't exist.`);
    if (column?.name.toLowerCase() !== name.toLowerCase())
      throw analysisError(
        "Key columns must be the first few columns of the schema and the order of the key columns must be consistent with the order of the schema",
      );
  }
}

function tableColumn(definition: ColumnDefinition, keys: Keys): Column {
  const { name, type } = definition;
  duckType(type);
  const problem = defaultProblem(definition);
  if (problem !== undefined) throw analysisError(problem);
  const key = keys.columns.some((one) => one.toLowerCase() === name.toLowerCase());
  if (key) checkKeyColumn(definition, keys);
  checkAggregation(definition, keys, key);
  if (definition.autoIncrement && type.name !== "BIGINT")
    throw analysisError(`The AUTO_INCREMENT column must be BIGINT: ${name}`);
  const nullable = definition.nullable ?? !((key && keys.type === "PRIMARY") || definition.autoIncrement);
  return {
    name,
    type,
    key,
    nullable,
    comment: definition.comment,
    ...(definition.aggregation && { aggregation: definition.aggregation }),
    ...(definition.default && { default: definition.default }),
    ...(definition.autoIncrement && { autoIncrement: true }),
    ...(definition.generated !== undefined && { generated: definition.generated }),
  };
}

function checkKeyColumn(definition: ColumnDefinition, keys: Keys): void {
  const { name, type } = definition;
  if (keys.type === "PRIMARY") checkPrimaryKeyColumn(definition);
  else if (notKeyTypes.has(type.name) && type.name !== "STRING")
    throw analysisError(`Invalid data type of key column '${name}': '${type.name}'`);
}

function checkAggregation({ name, aggregation }: ColumnDefinition, keys: Keys, key: boolean): void {
  if (keys.type === "AGGREGATE" && !key && !aggregation)
    throw analysisError(`${name} must have aggregate function`);
  if (keys.type !== "AGGREGATE" && aggregation && aggregation !== "REPLACE")
    throw analysisError(`${keys.type} KEYS table should not specify aggregate function: ${name}`);
}

/** §14.1 */
function checkPrimaryKeyColumn(definition: ColumnDefinition): void {
  if (!primaryKeyTypes.has(definition.type.name))
    throw analysisError(`primary key column[${definition.name}] type not supported: ${definition.type.name}`);
  if (definition.nullable === true)
    throw analysisError(`primary key column[${definition.name}] cannot be nullable`);
}
