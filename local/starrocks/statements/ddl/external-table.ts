import { unsupported } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { requireOnDatabase } from "../../engine/access.ts";
import { type Context, requireDatabase, splitName } from "../../engine/context.ts";
import type { Engine, Table } from "../../metadata/model.ts";
import { parseColumn, parseProperties } from "../../sql/create-table.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { tableColumns } from "./column-rules.ts";
import { tableExists } from "./create-table.ts";

const engines: Readonly<Record<string, Engine>> = { MYSQL: "MYSQL", JDBC: "JDBC" };

/** After `CREATE EXTERNAL TABLE`: a name and columns without rows or partitions, which BACKUP refuses (§1.5). */
export async function createExternalTable(tokens: Tokens, context: Context): Promise<Result> {
  const ifNotExists = tokens.accept("IF", "NOT", "EXISTS");
  const given = tokens.qualifiedName();
  const definitions = tokens.parenthesised(() => tokens.list(() => parseColumn(tokens)));
  tokens.expect("ENGINE");
  tokens.expectOperator("=");
  const word = tokens.next();
  const engine = engines[word.value];
  if (!engine) throw unsupported(`ENGINE = ${word.text}`);
  const comment = tokens.accept("COMMENT") ? tokens.string() : "";
  if (tokens.accept("PROPERTIES")) parseProperties(tokens);
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
    const columns = tableColumns(
      { ifNotExists, name: given, columns: definitions, indexes: [], comment, properties: {} },
      { type: "DUPLICATE", columns: [] },
    );
    const table: Table = {
      kind: "table",
      id: cluster.catalog.newId(),
      dbId: database.id,
      name,
      keysType: "DUPLICATE",
      columns,
      sortKey: [],
      partitioning: { kind: "none" },
      distribution: { kind: "RANDOM", columns: [], buckets: 1 },
      replicationNum: 1,
      comment,
      properties: {},
      state: "NORMAL",
      createTime: cluster.now(),
      nextAutoIncrement: 1,
      engine,
    };
    cluster.catalog.addRelation(table);
    return ok();
  });
}
