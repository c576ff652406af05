import { optionalText, text } from "../row.ts";
import type { Row, Session } from "../session.ts";
import { readCreatedColumns } from "./created-columns.ts";
import { type DatabaseScope, inScope, inScopes } from "./scope.ts";

/** A table-like object, as `information_schema.tables_config` describes it. */
export interface TableConfig {
  readonly database: string;
  readonly table: string;
  /** `OLAP`, `VIEW`, `MATERIALIZED_VIEW`, `CLOUD_NATIVE`, …; empty for external tables. */
  readonly engine: string;
  /** `DUP_KEYS`, `AGG_KEYS`, `UNIQUE_KEYS`, `PRIMARY_KEYS`. */
  readonly model: string;
  readonly primaryKey: string;
  readonly partitionKey: string;
  readonly distributionKey: string;
  readonly distributionType: string;
  readonly sortKey: string;
  /** Table properties, JSON. */
  readonly properties: string;
  readonly comment: string;
}

/** One column, as `information_schema.columns` describes it. */
export interface ColumnDefinition {
  readonly database: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: string;
  readonly key: string;
  readonly defaultValue: string | undefined;
  readonly comment: string;
  /** Set for generated columns, which an INSERT must leave out. */
  readonly generation: string | undefined;
}

/** What a user sees of the tables in scope. */
export interface Tables {
  /** Tables, views and materialized views on which the user has any privilege. */
  readonly configs: readonly TableConfig[];
  /** Everything that SHOW TABLES would list: also what the user may not see the configuration of. */
  readonly listed: readonly { readonly database: string; readonly table: string }[];
}

/** All tables in scope; one statement. */
export async function readTables(session: Session, scopes: readonly DatabaseScope[]): Promise<Tables> {
  const { configs, listed } = await ask(session, scopes, [configsAsked, namesAsked]);
  return { configs, listed };
}

/** The same with all their columns, in their order; one statement. */
export async function readTablesAndColumns(
  session: Session,
  scopes: readonly DatabaseScope[],
): Promise<Tables & { readonly columns: readonly ColumnDefinition[] }> {
  return await ask(session, scopes, [configsAsked, namesAsked, columnsAsked]);
}

/** One view of information_schema, and what is wanted of it. */
interface Asked {
  readonly view: string;
  readonly columns: readonly string[];
  /** What puts the rows of a table in order. */
  readonly place?: string;
}

const configsAsked: Asked = {
  view: "tables_config",
  columns: [
    "TABLE_ENGINE",
    "TABLE_MODEL",
    "PRIMARY_KEY",
    "PARTITION_KEY",
    "DISTRIBUTE_KEY",
    "DISTRIBUTE_TYPE",
    "SORT_KEY",
    "PROPERTIES",
  ],
};

/** Only this view has the comments, and what the user may not see the configuration of. */
const namesAsked: Asked = { view: "tables", columns: ["TABLE_COMMENT"] };

const columnsAsked: Asked = {
  view: "columns",
  columns: [
    "COLUMN_NAME",
    "COLUMN_TYPE",
    "IS_NULLABLE",
    "COLUMN_KEY",
    "COLUMN_DEFAULT",
    "COLUMN_COMMENT",
    "GENERATION_EXPRESSION",
  ],
  place: "ORDINAL_POSITION",
};

async function ask(
  session: Session,
  scopes: readonly DatabaseScope[],
  asked: readonly Asked[],
): Promise<Tables & { readonly columns: readonly ColumnDefinition[] }> {
  const condition = inScope(scopes, "TABLE_SCHEMA", "TABLE_NAME");
  const width = Math.max(...asked.map(({ columns }) => columns.length));
  const branches = asked.map(({ view, columns, place = "0" }) => {
    const values = Array.from({ length: width }, (_, index) => `${columns[index] ?? "NULL"} AS v${index}`);
    return `SELECT '${view}' AS asked, TABLE_SCHEMA, TABLE_NAME, ${place} AS place, ${values.join(", ")}
     FROM information_schema.${view} WHERE ${condition}`;
  });
  const rows = await session.query(
    `${branches.join("\n     UNION ALL ")}\n     ORDER BY asked, TABLE_SCHEMA, TABLE_NAME, place`,
    "list the tables",
  );
  const isMeant = inScopes(scopes);
  const of = ({ view, columns }: Asked) =>
    rows
      .filter((row) => row["asked"] === view)
      .map((row) => ({
        TABLE_SCHEMA: text(row, "TABLE_SCHEMA"),
        TABLE_NAME: text(row, "TABLE_NAME"),
        ...Object.fromEntries(columns.map((column, index) => [column, row[`v${index}`] ?? null])),
      }));
  const names = of(namesAsked);
  const comments = new Map(names.map((row) => [nameOf(row), text(row, "TABLE_COMMENT")]));
  return {
    configs: of(configsAsked)
      .map((row) => tableConfig(row, comments.get(nameOf(row)) ?? ""))
      .filter(isMeant),
    listed: names
      .map((row) => ({ database: text(row, "TABLE_SCHEMA"), table: text(row, "TABLE_NAME") }))
      .filter(isMeant),
    columns: of(columnsAsked).map(columnDefinition).filter(isMeant),
  };
}

/** The properties of some tables of a database, JSON by table; one statement. */
export async function readProperties(
  session: Session,
  database: string,
  tables: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query(
    `SELECT TABLE_NAME, PROPERTIES FROM information_schema.tables_config
     WHERE ${inScope([{ database, tables }], "TABLE_SCHEMA", "TABLE_NAME")}`,
    `read the properties of tables of ${database}`,
  );
  return new Map(rows.map((row) => [text(row, "TABLE_NAME"), text(row, "PROPERTIES")]));
}

/** All columns of the tables in scope, in their order; one statement. */
export async function readColumns(
  session: Session,
  scopes: readonly DatabaseScope[],
): Promise<readonly ColumnDefinition[]> {
  return (await ask(session, scopes, [columnsAsked])).columns;
}

/** Names of the columns of a table that an INSERT may name: generated ones are computed by it. */
export async function readInsertableColumns(
  session: Session,
  database: string,
  table: string,
): Promise<readonly string[]> {
  const columns = await readColumns(session, [{ database, tables: [table] }]);
  const { generated } = await readCreatedColumns(session, database, table);
  return columns.map((column) => column.column).filter((column) => !generated.has(column));
}

function nameOf(row: Row): string {
  return `${text(row, "TABLE_SCHEMA")}.${text(row, "TABLE_NAME")}`;
}

function tableConfig(row: Row, comment: string): TableConfig {
  return {
    database: text(row, "TABLE_SCHEMA"),
    table: text(row, "TABLE_NAME"),
    engine: text(row, "TABLE_ENGINE"),
    model: text(row, "TABLE_MODEL"),
    primaryKey: text(row, "PRIMARY_KEY"),
    partitionKey: text(row, "PARTITION_KEY"),
    distributionKey: text(row, "DISTRIBUTE_KEY"),
    distributionType: text(row, "DISTRIBUTE_TYPE"),
    sortKey: text(row, "SORT_KEY"),
    properties: text(row, "PROPERTIES"),
    comment,
  };
}

function columnDefinition(row: Row): ColumnDefinition {
  return {
    database: text(row, "TABLE_SCHEMA"),
    table: text(row, "TABLE_NAME"),
    column: text(row, "COLUMN_NAME"),
    type: text(row, "COLUMN_TYPE"),
    nullable: text(row, "IS_NULLABLE"),
    key: text(row, "COLUMN_KEY"),
    defaultValue: optionalText(row, "COLUMN_DEFAULT"),
    comment: text(row, "COLUMN_COMMENT"),
    generation: optionalText(row, "GENERATION_EXPRESSION") || undefined,
  };
}
