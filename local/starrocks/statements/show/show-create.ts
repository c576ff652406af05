import { unknownTable, unsupported } from "../../basics/errors.ts";
import { listing, type Result } from "../../basics/result.ts";
import { typeText } from "../../duckdb/translate/types.ts";
import { requireAny } from "../../engine/access.ts";
import { type Context, findRelation, splitName } from "../../engine/context.ts";
import { dataType, defaultText } from "../../information-schema/columns.ts";
import { tableProperties } from "../../information-schema/tables.ts";
import { systemColumns } from "../../information-schema/views.ts";
import { type Column, isExternal, type Partition, type Table } from "../../metadata/model.ts";
import { isShadow, partitionColumns, partitionColumnTypes } from "../../metadata/partition-text.ts";
import { compareBound } from "../../metadata/ranges.ts";
import type { Bound } from "../../sql/partition-by.ts";
import { indexSql } from "../../sql/table-index.ts";
import type { Tokens } from "../../sql/tokens.ts";

const names = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(", ");

const text = (value: string): string => `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

function columnSql(column: Column, table: Table): string {
  const parts = [`\`${column.name}\` ${typeText(column.type)}`];
  if (column.aggregation && table.keysType === "AGGREGATE") parts.push(column.aggregation);
  parts.push(column.nullable ? "NULL" : "NOT NULL");
  if (column.generated !== undefined) parts.push(`AS ${column.generated}`);
  if (column.autoIncrement) parts.push("AUTO_INCREMENT");
  if (column.default?.kind === "now") parts.push("DEFAULT CURRENT_TIMESTAMP");
  else if (column.default?.kind === "uuid") parts.push("DEFAULT (uuid())");
  else if (column.default && column.default.value !== null)
    parts.push(`DEFAULT ${text(column.default.value)}`);
  parts.push(`COMMENT ${text(column.comment)}`);
  return `  ${parts.join(" ")}`;
}

function boundSql(bound: Bound, table: Table): string {
  if (bound === "MAX") return "(MAXVALUE)";
  const values = partitionColumnTypes(table).map((type, index) => {
    const value = bound === "MIN" ? null : (bound[index] ?? null);
    if (value === "MAXVALUE") return value;
    return `"${value ?? minimumText(type)}"`;
  });
  return `(${values.join(", ")})`;
}

const minimumText = (type: string): string =>
  type === "DATE" ? "0000-01-01" : type === "DATETIME" ? "0000-01-01 00:00:00" : "-2147483648";

function partitionsSql(table: Table, partitions: readonly Partition[]): string {
  const types = partitionColumnTypes(table);
  const sorted = partitions
    .filter((partition) => !isShadow(partition))
    .sort((a, b) =>
      a.values.kind === "range" && b.values.kind === "range"
        ? compareBound(a.values.lower, b.values.lower, types)
        : 0,
    );
  return sorted
    .map(({ name, values }) => {
      if (values.kind === "range")
        return `PARTITION ${name} VALUES [${boundSql(values.lower, table)}, ${boundSql(values.upper, table)})`;
      if (values.kind !== "list") return "";
      const item = (one: readonly (string | null)[]) =>
        one.map((v) => (v === null ? "NULL" : `'${v}'`)).join(", ");
      const items = values.items.map((one) => (values.multi ? `(${item(one)})` : item(one)));
      return `  PARTITION ${name} VALUES IN (${items.join(", ")})`;
    })
    .join(",\n");
}

function partitionBySql(table: Table, partitions: readonly Partition[]): string[] {
  const by = table.partitioning;
  if (by.kind === "none") return [];
  if (by.kind === "range" && by.automatic) return [`PARTITION BY ${by.automatic.text}`];
  if (by.kind === "list" && by.automatic) return [`PARTITION BY (${names(by.columns)})`];
  const kind = by.kind === "range" ? "RANGE" : "LIST";
  return [`PARTITION BY ${kind}(${names(partitionColumns(table))})\n(${partitionsSql(table, partitions)})`];
}

/** SHOW CREATE TABLE's text; running it again makes the same table. */
export function createTableSql(table: Table, partitions: readonly Partition[]): string {
  const keys = table.columns.filter((column) => column.key).map((column) => column.name);
  const distribution =
    table.distribution.kind === "HASH"
      ? `DISTRIBUTED BY HASH(${names(table.distribution.columns)}) BUCKETS ${table.distribution.buckets} `
      : `DISTRIBUTED BY RANDOM BUCKETS ${table.distribution.buckets} `;
  const properties = Object.entries(tableProperties(table)).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `CREATE TABLE \`${table.name}\` (\n${[...table.columns.map((column) => columnSql(column, table)), ...(table.indexes ?? []).map(indexSql)].join(",\n")}\n) ENGINE=OLAP `,
    `${table.keysType} KEY(${names(keys)})`,
    ...(table.comment === "" ? [] : [`COMMENT ${text(table.comment)}`]),
    ...partitionBySql(table, partitions),
    distribution,
    ...(table.sortKey.length > 0 ? [`ORDER BY(${names(table.sortKey)})`] : []),
    `PROPERTIES (\n${properties.map(([key, value]) => `"${key}" = ${text(value)}`).join(",\n")}\n);`,
  ].join("\n");
}

/** After `SHOW CREATE TABLE|VIEW`. */
export async function showCreate(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.qualifiedName();
  if (systemView(name, context)) throw unsupported("SHOW CREATE TABLE of a view of information_schema");
  const { relation } = findRelation(context, name);
  requireAny(context, relation);
  tokens.expectEnd();
  if (relation.kind === "view") {
    const sql = `CREATE VIEW \`${relation.name}\` (${names(relation.columns.map((column) => column.name))})${
      relation.comment === "" ? "" : ` COMMENT ${text(relation.comment)}`
    } SECURITY NONE AS ${relation.sql};`;
    return listing(
      ["View", "Create View", "character_set_client", "collation_connection"],
      [
        {
          View: relation.name,
          "Create View": sql,
          character_set_client: "utf8",
          collation_connection: "utf8_general_ci",
        },
      ],
    );
  }
  if (isExternal(relation)) throw unsupported("SHOW CREATE TABLE of an external table");
  const sql = createTableSql(relation, context.cluster.catalog.partitions(relation.id).normal());
  return listing(["Table", "Create Table"], [{ Table: relation.name, "Create Table": sql }]);
}

/** After `DESC|DESCRIBE` or `SHOW COLUMNS FROM`. */
export async function describe(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.qualifiedName();
  const system = systemView(name, context);
  tokens.expectEnd();
  if (system) return described(system, ({ type }) => typeText(type));
  const { relation } = findRelation(context, name, (_, missing) => unknownTable(missing));
  requireAny(context, relation);
  return described(relation.columns, (column) =>
    relation.kind === "view" ? dataType(column) : withoutWidth(typeText(column.type)),
  );
}

/** DESC prints `int` where SHOW CREATE TABLE prints `int(11)` (3.2 to 4.1). */
const withoutWidth = (type: string): string => type.replace(/^((?:big|large|small|tiny)?int)\(\d+\)$/, "$1");

const described = (columns: readonly Column[], typeOf: (column: Column) => string): Result =>
  listing(
    ["Field", "Type", "Null", "Key", "Default", "Extra"],
    columns.map((column) => ({
      Field: column.name,
      Type: typeOf(column),
      Null: column.nullable ? "YES" : "NO",
      Key: String(column.key),
      Default: defaultText(column),
      Extra: column.autoIncrement ? "AUTO_INCREMENT" : (column.aggregation ?? ""),
    })),
  );

/** Columns of `information_schema.<view>`, whose names are in any case; undefined for what is elsewhere. */
function systemView(given: readonly string[], context: Context): Column[] | undefined {
  const { database = context.session.database, name } = splitName(given);
  if (database?.toLowerCase() !== "information_schema") return undefined;
  const columns = systemColumns(name.toLowerCase(), context);
  if (!columns) throw unknownTable(`information_schema.${name}`);
  return columns;
}
