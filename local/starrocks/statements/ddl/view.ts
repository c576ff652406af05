import { analysisError } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { translateQuery } from "../../duckdb/translate/query.ts";
import { requireOnDatabase } from "../../engine/access.ts";
import { type Context, requireDatabase, splitName } from "../../engine/context.ts";
import type { Column, View } from "../../metadata/model.ts";
import { parseQuery } from "../../sql/query.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { describeQuery } from "../query/describe-query.ts";
import { translation } from "../query/translation.ts";
import { tableExists } from "./create-table.ts";

/** After `CREATE [OR REPLACE] VIEW`. Its name is an atomic test-and-set (§14.4a). */
export async function createView(tokens: Tokens, context: Context, replace: boolean): Promise<Result> {
  const ifNotExists = tokens.accept("IF", "NOT", "EXISTS");
  const given = tokens.qualifiedName();
  const names = tokens.isOperator("(")
    ? tokens.parenthesised(() => tokens.list(() => tokens.identifier()))
    : undefined;
  const comment = tokens.accept("COMMENT") ? tokens.string() : "";
  if (tokens.accept("SECURITY")) tokens.acceptAny("NONE", "INVOKER");
  tokens.expect("AS");
  const first = tokens.peek();
  const query = parseQuery(tokens);
  const sql = tokens.textSince(first);
  tokens.expectEnd();
  const { cluster } = context;
  return cluster.change(async () => {
    const { database: databaseName, name } = splitName(given);
    const database = requireDatabase(context, databaseName);
    requireOnDatabase(context, database, "CREATE VIEW");
    const existing = cluster.catalog.relation(database, name);
    if (existing && !(replace && existing.kind === "view")) {
      if (ifNotExists) return ok();
      throw tableExists(name);
    }
    const inner = { ...context, session: { ...context.session, database: database.name } };
    const self = translation(inner);
    const translated = translateQuery(query, self);
    const own = await describeQuery(cluster, translated, undefined);
    const columns = namedColumns(own, names);
    if (existing) cluster.catalog.removeRelation(existing);
    const view: View = {
      kind: "view",
      id: cluster.catalog.newId(),
      dbId: database.id,
      name,
      sql,
      reads: Object.fromEntries(self.reads),
      columns,
      comment,
      createTime: cluster.now(),
    };
    cluster.catalog.addRelation(view);
    return ok();
  });
}

/** Under the names of the list, or their own, each once. */
function namedColumns(own: readonly Column[], names: readonly string[] | undefined): Column[] {
  if (names && names.length !== own.length)
    throw analysisError("View's SELECT and view's field list have different column counts", 1353, "HY000");
  const seen = new Set<string>();
  return own.map((column, index) => {
    const name = names?.[index] ?? column.name;
    if (seen.has(name)) throw analysisError(`Duplicate column name '${name}'`);
    seen.add(name);
    return { ...column, name };
  });
}
