import { groupBy } from "../../group-by.ts";
import { readCreatedColumns } from "../../starrocks/observe/created-columns.ts";
import {
  type ColumnDefinition,
  readTablesAndColumns,
  type TableConfig,
} from "../../starrocks/observe/tables.ts";
import type { Session } from "../../starrocks/session.ts";

/** How a table is made. */
export interface TableDefinition {
  readonly config: TableConfig;
  readonly columns: readonly ColumnDefinition[];
}

/** The definitions of some tables of a database, by name; one statement. */
export async function readDefinitions(
  session: Session,
  database: string,
  tables: readonly string[],
): Promise<ReadonlyMap<string, TableDefinition>> {
  const { configs, columns } = await readTablesAndColumns(session, [{ database, tables }]);
  const ofTable = groupBy(columns, (each) => each.table);
  return new Map(
    configs.map((config) => [config.table, { config, columns: ofTable.get(config.table) ?? [] }]),
  );
}

/** Columns of a table that an INSERT may name, and the one that numbers its rows by itself. */
export interface FillableColumns {
  readonly names: readonly string[];
  readonly autoIncrement: string | undefined;
}

/** Generated columns are computed by an INSERT, and only SHOW CREATE TABLE names them on every version. */
export async function readFillableColumns(
  session: Session,
  { config, columns }: TableDefinition,
): Promise<FillableColumns> {
  const { generated, autoIncrement } = await readCreatedColumns(session, config.database, config.table);
  const names = columns.map((each) => each.column).filter((each) => !generated.has(each));
  return { names, autoIncrement };
}
