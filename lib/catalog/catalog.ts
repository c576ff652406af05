import { qualified } from "../starrocks/quote.ts";
import type { Session } from "../starrocks/session.ts";
import type { Table } from "./sql/table.ts";

/** The catalog of a cluster: its `ops` database (the name is a setting) over an open session. */
export interface Catalog {
  readonly session: Session;
  readonly database: string;
}

/** The qualified, quoted name of one of the catalog's tables. */
export function at(catalog: Catalog, table: Pick<Table, "name">): string {
  return qualified(catalog.database, table.name);
}
