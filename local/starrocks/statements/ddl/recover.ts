import { ddlError, unknownTable, unsupported } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { requireOn, requireOnDatabase } from "../../engine/access.ts";
import { type Context, findTable, requireDatabase, splitName } from "../../engine/context.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { tableExists } from "./create-table.ts";

/** After `RECOVER TABLE`: ids, versions and times are those before the drop (§9.5). */
export async function recoverTable(tokens: Tokens, context: Context): Promise<Result> {
  const given = tokens.qualifiedName();
  tokens.expectEnd();
  const { cluster } = context;
  return cluster.change(async () => {
    const { database: databaseName, name } = splitName(given);
    const database = requireDatabase(context, databaseName);
    requireOnDatabase(context, database, "CREATE TABLE");
    if (cluster.catalog.relation(database, name)) throw tableExists(name);
    const entry = cluster.recycleBin.table(database.id, name, cluster.now());
    if (!entry) throw unknownTable(name);
    cluster.recycleBin.remove(entry);
    cluster.catalog.touch("recycled", entry.id);
    cluster.catalog.addRelation(entry.table);
    for (const partition of entry.partitions) cluster.catalog.addPartition(partition);
    return ok();
  });
}

/** After `RECOVER PARTITION`: `p FROM t`. */
export async function recoverPartition(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.identifier();
  tokens.expect("FROM");
  const given = tokens.qualifiedName();
  tokens.expectEnd();
  const { cluster } = context;
  return cluster.change(async () => {
    const { table } = findTable(context, given);
    requireOn(context, table, "INSERT");
    requireOn(context, table, "ALTER");
    if (cluster.catalog.partitions(table.id).get(name))
      throw ddlError(`partition[${name}] already exist in table[${table.name}]`);
    const entry = cluster.recycleBin.partition(table.id, name, cluster.now());
    if (!entry)
      throw ddlError(`No partition named '${name}' in recycle bin that belongs to table '${table.name}'`);
    cluster.recycleBin.remove(entry);
    cluster.catalog.touch("recycled", entry.id);
    cluster.catalog.addPartition(entry.partition);
    return ok();
  });
}

/** After `RECOVER DATABASE`. */
export async function recoverDatabase(): Promise<Result> {
  throw unsupported("RECOVER DATABASE");
}
