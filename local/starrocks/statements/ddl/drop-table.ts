import { analysisError, ddlError, unknownTable } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { requireOn, requireOnDatabase } from "../../engine/access.ts";
import { type Context, findTable, requireDatabase, splitName } from "../../engine/context.ts";
import { checkNormal } from "../../engine/table-state.ts";
import { followWindow } from "../../jobs/partition-scheduler.ts";
import { isExternal, type Table } from "../../metadata/model.ts";
import { isShadow } from "../../metadata/partition-text.ts";
import { parsePartitionNames } from "../../sql/from.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { newPartition, partitionLike, physicalIds } from "../../storage/partitions.ts";
import { createDataTable, deleteRows, dropDataTable } from "../../storage/rows.ts";
import { tableExists } from "./create-table.ts";
import { inactivateViewsOn } from "./materialized-status.ts";

/** After `DROP TABLE` or `DROP VIEW`. Dropping a table under restore is allowed; the job notices (§6.7). */
export async function dropRelation(
  tokens: Tokens,
  context: Context,
  kind: "table" | "view",
): Promise<Result> {
  const ifExists = tokens.accept("IF", "EXISTS");
  const given = tokens.qualifiedName();
  const force = tokens.accept("FORCE");
  tokens.expectEnd();
  const { cluster } = context;
  return cluster.change(async () => {
    const { database: databaseName, name } = splitName(given);
    const database = requireDatabase(context, databaseName);
    const relation = cluster.catalog.relation(database, name);
    if (!relation) {
      if (ifExists) return ok();
      throw unknownTable(name);
    }
    if (relation.kind !== kind)
      throw analysisError(`'${database.name}.${name}' is not ${kind.toUpperCase()}`, 1347, "HY000");
    requireOn(context, relation, "DROP");
    if (relation.kind === "table" && relation.materialized)
      throw analysisError(
        `The data of '${name}' cannot be dropped because '${name}' is a materialized view,use 'drop materialized view ${name}' to drop it.`,
      );
    inactivateViewsOn(cluster, relation, `base-${kind} dropped: ${relation.name}`);
    if (relation.kind === "table") await discard(context, relation, force);
    cluster.catalog.removeRelation(relation);
    return ok();
  });
}

/** Without FORCE the table is kept for RECOVER; one under restore is not. */
async function discard({ cluster }: Context, table: Table, force: boolean): Promise<void> {
  if (isExternal(table)) return;
  if (force || table.state !== "NORMAL") {
    await dropDataTable(cluster, table);
    return;
  }
  const partitions = cluster.catalog.partitions(table.id).all();
  cluster.recycleBin.put({ kind: "table", id: table.id, droppedAt: cluster.now(), table, partitions });
  cluster.catalog.touch("recycled", table.id);
}

/** After `TRUNCATE TABLE`: fresh partitions take the places of the old ones (§9.5). */
export async function truncateTable(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.qualifiedName();
  const { partitions: names } = parsePartitionNames(tokens);
  tokens.expectEnd();
  const { cluster } = context;
  return cluster.change(async () => {
    const { table } = findTable(context, name);
    requireOn(context, table, "DELETE");
    checkNormal(table);
    const set = cluster.catalog.partitions(table.id);
    const chosen = names
      ? names.map((one) => {
          const partition = set.get(one);
          if (!partition) throw ddlError(`Partition ${one} does not exist`);
          return partition;
        })
      : set.normal().filter((partition) => !isShadow(partition));
    for (const partition of chosen) {
      cluster.catalog.removePartition(partition);
      partitionLike(cluster, table, partition, { name: partition.name });
    }
    await deleteRows(cluster, table, physicalIds(chosen));
    return ok();
  });
}

/** After `CREATE TABLE … LIKE`: definition and partitions, no rows. */
export async function createTableLike(tokens: Tokens, context: Context): Promise<Result> {
  const ifNotExists = tokens.accept("IF", "NOT", "EXISTS");
  const given = tokens.qualifiedName();
  tokens.expect("LIKE");
  const source = tokens.qualifiedName();
  tokens.expectEnd();
  const { cluster } = context;
  return cluster.change(async () => {
    const { database: databaseName, name } = splitName(given);
    const database = requireDatabase(context, databaseName);
    requireOnDatabase(context, database, "CREATE TABLE");
    if (cluster.catalog.relation(database, name)) {
      if (ifNotExists) return ok();
      throw tableExists(name);
    }
    const { table: original } = findTable(context, source);
    requireOn(context, original, "SELECT");
    const table: Table = {
      ...structuredClone(original),
      id: cluster.catalog.newId(),
      dbId: database.id,
      name,
      state: "NORMAL",
      createTime: cluster.now(),
      nextAutoIncrement: 1,
    };
    cluster.catalog.addRelation(table);
    for (const partition of cluster.catalog.partitions(original.id).normal()) {
      const own = partition.values.kind === "none" ? name : partition.name;
      newPartition(cluster, table, { name: own, ifNotExists: false, values: partition.values });
    }
    await createDataTable(cluster, table);
    await followWindow(cluster, table);
    return ok();
  });
}
