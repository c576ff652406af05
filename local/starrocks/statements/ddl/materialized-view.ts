import { analysisError, unsupported } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { translateQuery } from "../../duckdb/translate/query.ts";
import { requireOn, requireOnDatabase } from "../../engine/access.ts";
import { type Context, findRelation, requireDatabase, splitName } from "../../engine/context.ts";
import type { Database, Table } from "../../metadata/model.ts";
import { parseCreateMaterializedView } from "../../sql/create-materialized-view.ts";
import { parseQuery } from "../../sql/query.ts";
import { Tokens } from "../../sql/tokens.ts";
import { publishVersion, recount } from "../../storage/apply.ts";
import { newPartition } from "../../storage/partitions.ts";
import { replacePartition } from "../../storage/replace-partition.ts";
import { columnList, createDataTable, dataTable, dropDataTable } from "../../storage/rows.ts";
import { describeQuery } from "../query/describe-query.ts";
import { translation } from "../query/translation.ts";
import { tableExists } from "./create-table.ts";
import { replication } from "./replication.ts";

const inDatabase = (context: Context, database: Database): Context => ({
  ...context,
  session: { ...context.session, database: database.name },
});

/** After `CREATE MATERIALIZED VIEW`: a table of its own, with the query that fills it. */
export async function createMaterializedView(tokens: Tokens, context: Context): Promise<Result> {
  const statement = parseCreateMaterializedView(tokens);
  const { cluster } = context;
  return cluster.change(async () => {
    const { database: databaseName, name } = splitName(statement.name);
    const database = requireDatabase(context, databaseName);
    requireOnDatabase(context, database, "CREATE MATERIALIZED VIEW");
    if (cluster.catalog.relation(database, name)) {
      if (statement.ifNotExists) return ok();
      throw tableExists(name);
    }
    const self = translation(inDatabase(context, database));
    const sql = translateQuery(statement.query, self);
    const columns = (await describeQuery(cluster, sql, statement.columns)).map((column, index) => ({
      ...column,
      key: index === 0,
    }));
    const by = statement.distributedBy;
    const { replication_num: _, ...properties } = statement.properties;
    const table: Table = {
      kind: "table",
      id: cluster.catalog.newId(),
      dbId: database.id,
      name,
      keysType: "DUPLICATE",
      columns,
      sortKey: [],
      partitioning: { kind: "none" },
      distribution: { kind: by?.kind ?? "RANDOM", columns: by?.columns ?? [], buckets: by?.buckets ?? 1 },
      replicationNum: replication(statement.properties, cluster.aliveBackends()),
      comment: statement.comment,
      properties,
      state: "NORMAL",
      createTime: cluster.now(),
      nextAutoIncrement: 1,
      engine: "MATERIALIZED_VIEW",
      materialized: {
        sql: statement.sql,
        refresh: statement.refresh,
        baseTables: [...self.sources],
        inactiveReason: "",
      },
    };
    cluster.catalog.addRelation(table);
    newPartition(cluster, table, { name, ifNotExists: false, values: { kind: "none" } });
    await createDataTable(cluster, table);
    if (!statement.refresh.startsWith("DEFERRED")) await refill(context, table);
    return ok();
  });
}

export function findMaterializedView(context: Context, name: readonly string[]): Table {
  const { relation } = findRelation(context, name);
  if (relation.kind !== "table" || !relation.materialized)
    throw analysisError(`${relation.name} is not async materialized view`);
  return relation;
}

/** A refresh is an INSERT OVERWRITE: a fresh partition in place of the former (§9.5). */
async function refill(context: Context, view: Table): Promise<void> {
  const { cluster } = context;
  const database = cluster.catalog.databaseById(view.dbId);
  const [former] = cluster.catalog.partitions(view.id).normal();
  if (!database || !former || !view.materialized) throw unsupported("Refreshing this materialized view");
  const self = translation(inDatabase(context, database), true);
  const sql = translateQuery(parseQuery(new Tokens(view.materialized.sql)), self);
  const fresh = newPartition(
    cluster,
    view,
    { ...former, ifNotExists: false, name: `txn_${former.name}` },
    true,
  );
  const names = columnList(view);
  await cluster.duck.run(
    `INSERT INTO ${dataTable(view)} SELECT ${fresh.physical[0]?.id}, ${names} FROM (${sql}) AS q(${names})`,
  );
  publishVersion(cluster, [fresh], cluster.now());
  await recount(cluster, view, [fresh]);
  await replacePartition(context.cluster, view, former, fresh);
}

/** After `REFRESH MATERIALIZED VIEW`. */
export async function refreshMaterializedView(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.qualifiedName();
  tokens.accept("FORCE");
  // The other way, in the background, would end before anybody could look here.
  if (tokens.accept("WITH")) {
    if (!tokens.accept("SYNC", "MODE")) tokens.expect("ASYNC", "MODE");
  }
  tokens.expectEnd();
  return context.cluster.change(async () => {
    const view = findMaterializedView(context, name);
    requireOn(context, view, "REFRESH");
    if (view.materialized?.inactiveReason !== "")
      throw analysisError(
        `Refresh materialized view failed because [${view.name}] is not active. You can try to active it with ALTER MATERIALIZED VIEW ${view.name} ACTIVE; `,
      );
    await refill(context, view);
    return ok();
  });
}

/** After `DROP MATERIALIZED VIEW`. */
export async function dropMaterializedView(tokens: Tokens, context: Context): Promise<Result> {
  const ifExists = tokens.accept("IF", "EXISTS");
  const given = tokens.qualifiedName();
  tokens.expectEnd();
  const { cluster } = context;
  return cluster.change(async () => {
    const { database: databaseName, name } = splitName(given);
    if (ifExists && !cluster.catalog.relation(requireDatabase(context, databaseName), name)) return ok();
    const view = findMaterializedView(context, given);
    requireOn(context, view, "DROP");
    await dropDataTable(cluster, view);
    cluster.catalog.removeRelation(view);
    return ok();
  });
}
