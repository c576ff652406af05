import { analysisError, ddlError } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { requireOnCatalog, requireOnDatabase, systemDatabases } from "../../engine/access.ts";
import { type Context, requireDatabase } from "../../engine/context.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { dropDataTable } from "../../storage/rows.ts";

const namePattern = /^[a-zA-Z_][\w-]{0,255}$/;

/** After `CREATE DATABASE|SCHEMA`. */
export async function createDatabase(tokens: Tokens, context: Context): Promise<Result> {
  const ifNotExists = tokens.accept("IF", "NOT", "EXISTS");
  const name = tokens.qualifiedName().at(-1) ?? "";
  tokens.expectEnd();
  if (!namePattern.test(name)) throw analysisError(`Incorrect database name '${name}'`, 1102, "42000");
  requireOnCatalog(context, "CREATE DATABASE");
  return context.cluster.change(async () => {
    const { catalog } = context.cluster;
    if (catalog.database(name) || systemDatabases.includes(name)) {
      if (ifNotExists) return ok();
      throw analysisError(`Can't create database '${name}'; database exists`, 1007, "HY000");
    }
    catalog.addDatabase({ id: catalog.newId(), name, schemaChanges: [] });
    return ok();
  });
}

/** After `DROP DATABASE|SCHEMA`. */
export async function dropDatabase(tokens: Tokens, context: Context): Promise<Result> {
  const ifExists = tokens.accept("IF", "EXISTS");
  const name = tokens.qualifiedName().at(-1) ?? "";
  tokens.accept("FORCE");
  tokens.expectEnd();
  return context.cluster.change(async () => {
    const { catalog } = context.cluster;
    if (ifExists && !catalog.database(name)) return ok();
    const database = requireDatabase(context, name);
    requireOnDatabase(context, database, "DROP");
    const tables = catalog.relations(database).filter((relation) => relation.kind === "table");
    const busy = tables.find((table) => table.state !== "NORMAL");
    if (busy)
      throw ddlError(`The state of table[${busy.name}] is ${busy.state}, can not drop database ${name}`);
    for (const table of tables) await dropDataTable(context.cluster, table);
    for (const entry of context.cluster.recycleBin.tables(database.id)) {
      await dropDataTable(context.cluster, entry.table);
      context.cluster.recycleBin.remove(entry);
      catalog.touch("recycled", entry.id);
    }
    catalog.removeDatabase(database);
    return ok();
  });
}

/** After `ALTER DATABASE`: `x RENAME y`. */
export async function alterDatabase(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.identifier();
  tokens.expect("RENAME");
  const fresh = tokens.identifier();
  tokens.expectEnd();
  return context.cluster.change(async () => {
    const database = requireDatabase(context, name);
    requireOnDatabase(context, database, "ALTER");
    if (name === fresh) throw ddlError(`Same database name`);
    if (context.cluster.catalog.database(fresh)) throw ddlError(`Database name[${fresh}] is already used`);
    context.cluster.catalog.renameDatabase(database, fresh);
    for (const relation of context.cluster.catalog.relations(database))
      context.cluster.catalog.touch("relation", relation.id);
    return ok();
  });
}
