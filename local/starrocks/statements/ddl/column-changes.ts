import { analysisError, ddlError } from "../../basics/errors.ts";
import { literal } from "../../metadata/literals.ts";
import type { Column, Table } from "../../metadata/model.ts";
import { partitionColumns } from "../../metadata/partition-text.ts";
import { plainTypeText } from "../../metadata/type-names.ts";
import { Lexer } from "../../sql/lexer.ts";
import { checkLengthChange, checkTypeChange } from "./type-changes.ts";

/** The rules of ALTER TABLE … COLUMN (SchemaChangeHandler), one after the other as the FE checks them. */

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const named = (columns: readonly Column[], name: string): Column | undefined =>
  columns.find((column) => sameName(column.name, name));

const modelName = { DUPLICATE: "Duplicate", UNIQUE: "Unique", PRIMARY: "Primary" } as const;

/** The aggregation and key flag a new definition gets in this table; without an aggregation it is a key where values aggregate. */
export function inModel(table: Table, column: Column): Column {
  const { aggregation, ...plain } = column;
  if (table.keysType === "AGGREGATE") {
    if (column.key && aggregation !== undefined)
      throw ddlError(`Can not assign aggregation method on key column: ${column.name}`);
    return { ...column, key: aggregation === undefined };
  }
  if (aggregation !== undefined && !(table.keysType === "PRIMARY" && aggregation === "REPLACE"))
    throw ddlError(
      `Can not assign aggregation method on column in ${modelName[table.keysType]} data model table: ${column.name}`,
    );
  return plain;
}

/** Of ADD COLUMN; the column as it enters the table. */
export function checkAdded(table: Table, given: Column): Column {
  if (given.default?.kind === "uuid") throw ddlError("unsupported default expr:uuid()");
  if (table.keysType === "PRIMARY" && given.key)
    throw ddlError(`Can not add key column: ${given.name} for primary key table`);
  const column = inModel(table, given);
  const cannotBeKey = ["FLOAT", "DOUBLE", "JSON", "VARBINARY", "ARRAY"];
  if (table.keysType === "AGGREGATE" && column.key && cannotBeKey.includes(column.type.name))
    throw ddlError(
      `column without agg function will be treated as key column for aggregate table, ${plainTypeText(column.type)} type can not be key column`,
    );
  const { default: value } = column;
  if (
    column.aggregation === "SUM" &&
    value?.kind === "literal" &&
    value.value !== null &&
    value.value !== "0"
  )
    throw ddlError(`The default value of '${column.name}' with SUM aggregation function must be zero`);
  const existing = named(table.columns, column.name);
  if (existing)
    throw ddlError(
      sameColumn(existing, column)
        ? `Can not add column which already exists in base table: ${column.name}`
        : `Repeatedly add column: ${column.name}`,
    );
  return column;
}

const sameDefault = (a: Column, b: Column): boolean =>
  JSON.stringify(a.default ?? { kind: "literal", value: null }) ===
  JSON.stringify(b.default ?? { kind: "literal", value: null });

/** All but the comment. */
const sameColumn = (a: Column, b: Column): boolean =>
  plainTypeText(a.type) === plainTypeText(b.type) &&
  a.aggregation === b.aggregation &&
  a.key === b.key &&
  a.nullable === b.nullable &&
  a.generated === b.generated &&
  sameDefault(a, b);

const refersTo = ({ generated }: Column, name: string): boolean =>
  generated !== undefined &&
  new Lexer(generated)
    .all()
    .some((token) => (token.kind === "word" || token.kind === "quoted") && sameName(token.value, name));

/** Of DROP COLUMN, before it goes. */
export function checkDropped(table: Table, name: string): Column {
  const generated = table.columns.find((column) => refersTo(column, name));
  if (generated)
    throw analysisError(
      `Column: ${name} can not be dropped, because expression of Generated Column: ${generated.name} will refer to it`,
    );
  const column = named(table.columns, name);
  if (column?.key) checkKeyDropped(table);
  if (table.keysType === "PRIMARY" && table.sortKey.some((one) => sameName(one, name)))
    throw ddlError("Can not drop sort column in primary data model table");
  if (!column) throw ddlError(`Column does not exists: ${name}`);
  return column;
}

function checkKeyDropped({ keysType, columns }: Table): void {
  if (keysType === "PRIMARY") throw ddlError("Can not drop key column in primary data model table");
  if (keysType === "UNIQUE") throw ddlError("Can not drop key column in Unique data model table");
  const replaces = columns.some(({ aggregation }) => aggregation?.startsWith("REPLACE"));
  if (keysType === "AGGREGATE" && replaces)
    throw ddlError("Can not drop key column when table has value column with REPLACE aggregation method");
}

/** Of MODIFY COLUMN; the column as it will be. */
export function checkModified(table: Table, given: Column): Column {
  const former = named(table.columns, given.name);
  if (table.keysType === "PRIMARY") {
    if (former?.key) throw ddlError(`Can not modify key column: ${given.name} for primary key table`);
    if (table.sortKey.some((one) => sameName(one, given.name)))
      throw ddlError("Can not modify sort column in primary data model table");
  }
  const column = inModel(table, given);
  if (table.columns.some((one) => refersTo(one, given.name)))
    throw ddlError(
      `Do not support modify column: ${given.name}, because it associates with the generated column`,
    );
  if (!former) throw ddlError(`Column[${given.name}] does not exists`);
  if (former.autoIncrement) throw ddlError("Can't not modify a AUTO_INCREMENT column");
  if (former.generated !== undefined)
    throw ddlError("Can not modify a generated column to a non-generated column");
  return { ...column, name: former.name };
}

/** Of any change, once the columns are what they would become. */
export function checkSchema(table: Table, before: readonly Column[]): void {
  const index = `index[${table.name}]`;
  const firstValue = table.columns.findIndex((column) => !column.key);
  if (firstValue >= 0 && table.columns.slice(firstValue).some((column) => column.key))
    throw ddlError(`Invalid column order. value should be after key. ${index}`);
  if (!table.columns.some((column) => column.key)) throw ddlError(`No key column left. ${index}`);
  for (const column of table.columns) {
    const former = named(before, column.name);
    if (former && !sameColumn(former, column)) checkChange(former, column);
  }
  for (const name of partitionColumns(table)) checkKept(table, before, name, "partition");
  for (const name of table.distribution.columns) checkKept(table, before, name, "distribution");
  for (const name of table.sortKey)
    if (!named(table.columns, name)) throw ddlError(`Sort Key Column[${name}] not exists in new schema`);
}

function checkChange(former: Column, column: Column): void {
  checkTypeChange(former.type, column.type);
  if (former.aggregation !== column.aggregation) throw ddlError("Can not change aggregation type");
  if (former.nullable && !column.nullable) throw ddlError("Can not change from nullable to non-nullable");
  if (!sameDefault(former, column)) throw ddlError("Can not change default value");
  checkLengthChange(former.type, column.type);
}

function checkKept(table: Table, before: readonly Column[], name: string, role: string): void {
  const [column, former] = [named(table.columns, name), named(before, name)];
  const capital = `${role[0]?.toUpperCase()}${role.slice(1)}`;
  if (!column) throw ddlError(`${capital} column[${name}] cannot be dropped. index[${table.name}]`);
  if (former && !sameColumn(former, column))
    throw ddlError(`Can not modify ${role} column[${name}]. index[${table.name}]`);
}

/** What old rows hold in a column added: the canonical spelling of its default. */
export const fillText = ({ type, default: value }: Column): string | null =>
  value?.kind === "literal" && value.value !== null ? literal(value.value, type) : null;
