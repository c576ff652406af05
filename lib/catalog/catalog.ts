import type { ServerClock } from "../starrocks/observe/clock.ts";
import { qualified } from "../starrocks/quote.ts";
import type { Session } from "../starrocks/session.ts";
import type { Table } from "./sql/table.ts";

/** The catalog of a cluster: its `ops` database (the name is a setting) over an open session. */
export interface Catalog {
  readonly session: Session;
  readonly database: string;
}

/** A catalog that a step has opened, with what the FE said of itself then. */
export interface OpenedCatalog extends Catalog {
  readonly opened: ServerClock;
  /** A moment that the FE's clock has not passed by more than two seconds, and that is not before its now. */
  readonly clock: () => string;
}

/** The qualified, quoted name of one of the catalog's tables. */
export function at(catalog: Catalog, table: Pick<Table, "name">): string {
  return qualified(catalog.database, table.name);
}
