import { qualified } from "../starrocks/quote.ts";
import type { Session } from "../starrocks/session.ts";

/** The catalog of a cluster: its `ops` database (the name is a setting) over an open session. */
export interface Catalog {
  readonly session: Session;
  readonly database: string;
}

/** The qualified, quoted name of one of the catalog's tables. */
export function at(catalog: Catalog, table: TableName): string {
  return qualified(catalog.database, table);
}

export type TableName =
  | "schema_migrations"
  | "table_inventory"
  | "backup_history"
  | "backup_tables"
  | "backup_partitions"
  | "restore_history"
  | "run_status"
  | "runs";
