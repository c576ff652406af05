import {
  analysisError,
  noDatabase,
  type SqlError,
  tableNotFound,
  unknownDatabase,
  unknownTable,
} from "../basics/errors.ts";
import { type Database, isExternal, type Relation, type Table } from "../metadata/model.ts";
import type { Cluster } from "./cluster.ts";
import type { Session } from "./session.ts";

/** What a statement runs in. */
export type Context = Readonly<{ cluster: Cluster; session: Session }>;

export function requireDatabase(context: Context, name: string | undefined): Database {
  const wanted = name ?? context.session.database;
  if (wanted === undefined) throw noDatabase();
  const database = context.cluster.catalog.database(wanted);
  if (!database) throw unknownDatabase(wanted);
  return database;
}

/** `t`, `db.t` or `default_catalog.db.t`. */
export function splitName(name: readonly string[]): { database: string | undefined; name: string } {
  const parts = name.length === 3 && name[0] === "default_catalog" ? name.slice(1) : name;
  if (parts.length > 2) throw analysisError(`Unknown catalog '${parts[0] ?? ""}'`, 5040, "42000");
  return parts.length === 2
    ? { database: parts[0], name: parts[1] ?? "" }
    : { database: undefined, name: parts[0] ?? "" };
}

/** @param absent what is said of one that is not there */
export function findRelation(
  context: Context,
  name: readonly string[],
  absent: (database: string, name: string) => SqlError = (_, missing) => tableNotFound(missing),
): { database: Database; relation: Relation } {
  const split = splitName(name);
  const database = requireDatabase(context, split.database);
  const relation = context.cluster.catalog.relation(database, split.name);
  if (!relation) throw absent(database.name, split.name);
  return { database, relation };
}

/** The table as it is now: between two steps of a load it may have been dropped, or read anew from disk. */
export function tableNow(context: Context, former: Table): Table {
  const relation = context.cluster.catalog.relationById(former.id);
  if (relation?.kind !== "table") throw unknownTable(former.name);
  return relation;
}

export function findTable(context: Context, name: readonly string[]): { database: Database; table: Table } {
  const { database, relation } = findRelation(context, name);
  if (relation.kind !== "table" || isExternal(relation))
    throw analysisError(`Table '${relation.name}' is not a OLAP table`, 5503, "42000");
  return { database, table: relation };
}
