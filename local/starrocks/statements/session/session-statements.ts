import { normaliseZone } from "../../basics/clock.ts";
import { analysisError, SqlError, unknownDatabase, unsupported } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { translateExpression } from "../../duckdb/translate/expression.ts";
import { emptyScope } from "../../duckdb/translate/scope.ts";
import { requireInDatabase, requireSystem } from "../../engine/access.ts";
import type { Context } from "../../engine/context.ts";
import { checkVariable, readVariable } from "../../engine/variables.ts";
import { parseExpression } from "../../sql/expression.ts";
import type { Expr } from "../../sql/query-ast.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { translation } from "../query/translation.ts";

export function useDatabase(context: Context, name: string): void {
  const database = context.cluster.catalog.database(name);
  if (!database && name.toLowerCase() !== "information_schema") throw unknownDatabase(name);
  if (database) requireInDatabase(context, database);
  context.session.database = name;
}

/** After `USE`. */
export async function use(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.qualifiedName().at(-1) ?? "";
  tokens.expectEnd();
  useDatabase(context, name);
  return ok();
}

/** After `SET`. */
export async function set(tokens: Tokens, context: Context): Promise<Result> {
  do {
    await setOne(tokens, context);
  } while (tokens.acceptOperator(","));
  tokens.expectEnd();
  return ok();
}

async function setOne(tokens: Tokens, context: Context): Promise<void> {
  if (tokens.accept("NAMES") || tokens.accept("CHARSET") || tokens.accept("CHARACTER", "SET")) {
    tokens.identifierOrString();
    if (tokens.accept("COLLATE")) tokens.identifierOrString();
    return;
  }
  if (tokens.accept("SESSION", "TRANSACTION") || tokens.accept("TRANSACTION")) {
    while (tokens.peek().kind === "word") tokens.next();
    return;
  }
  const scope = tokens.acceptAny("SESSION", "GLOBAL", "LOCAL");
  const target = tokens.peek();
  if (target.kind === "variable") tokens.next();
  const name = target.kind === "variable" ? target.value : tokens.identifier();
  if (!tokens.acceptOperator("=")) {
    tokens.expectOperator(":");
    tokens.expectOperator("=");
  }
  const value = await evaluate(parseValue(tokens), context);
  if (name.startsWith("@") && !name.startsWith("@@")) {
    context.session.userVariables.set(name.slice(1).toLowerCase(), value);
    return;
  }
  const key = checkVariable(name);
  assign(context, key, value ?? "");
  if (isGlobal(scope, name)) setGlobal(context, key);
}

function isGlobal(scope: string | undefined, name: string): boolean {
  return scope === "GLOBAL" || /^@@global\./i.test(name);
}

/** A global variable is set in this session, too, and every later one begins with it (§15). */
function setGlobal({ cluster, session }: Context, key: string): void {
  cluster.globalVariables.set(key, readVariable(key, session, cluster));
}

function parseValue(tokens: Tokens): Expr {
  const word = tokens.peek();
  const bareWord = word.kind === "word" && ["ON", "DEFAULT"].includes(word.value);
  return bareWord ? { kind: "string", value: tokens.next().text } : parseExpression(tokens);
}

function assign(context: Context, key: string, value: string): void {
  if (key === "time_zone") {
    const zone = value.toUpperCase() === "DEFAULT" || value === "SYSTEM" ? "UTC" : normaliseZone(value);
    if (!zone) throw new SqlError(`Unknown or incorrect time zone: '${value}'`, 1298, "HY000");
    context.session.zone = zone;
  }
  if (key === "sql_mode") {
    context.session.variables.set(key, sqlMode(value));
    return;
  }
  if (value.toUpperCase() === "DEFAULT") {
    context.session.variables.delete(key);
    return;
  }
  checkRange(key, value);
  const lower = value.toLowerCase();
  const normal = lower === "on" ? "1" : lower === "off" ? "0" : value;
  context.session.variables.set(key, normal);
}

const maxTimeout = 259_200;

/** The times that bound queries and loads (§15). */
function checkRange(key: string, value: string): void {
  if (key !== "query_timeout" && key !== "insert_timeout") return;
  if (!/^[-+]?\d{1,18}$/.test(value)) throw analysisError(`${key} is not a number`);
  if (Number(value) < 1) throw analysisError(`${key} must be equal or greater than 1`);
  if (Number(value) > maxTimeout) throw analysisError(`${key} must be equal or smaller than ${maxTimeout}`);
}

/**
 * A number becomes names, as it is read back. ANSI_QUOTES and NO_BACKSLASH_ESCAPES change nothing: `"k"` stays a text, and
 * a backslash escapes (§15). Modes that change what a query means are refused.
 */
function sqlMode(value: string): string {
  const names =
    value === "32" || /^default$/i.test(value) ? "ONLY_FULL_GROUP_BY" : value === "0" ? "" : value;
  if (/^\d+$/.test(names) || /PIPES_AS_CONCAT|SORT_NULLS_LAST/i.test(names))
    throw unsupported(`sql_mode ${value}`);
  return names;
}

/** A bare word on the right side is a name or a value such as utf8 or OFF. */
async function evaluate(expr: Expr, context: Context): Promise<string | null> {
  if (expr.kind === "string") return expr.value;
  if (expr.kind === "number") return expr.text;
  if (expr.kind === "boolean") return expr.value ? "1" : "0";
  if (expr.kind === "null") return null;
  if (expr.kind === "column" && expr.parts.length === 1) return expr.parts[0] ?? "";
  if (expr.kind === "variable" && expr.name.startsWith("@@"))
    return readVariable(expr.name, context.session, context.cluster);
  const sql = translateExpression(expr, translation(context), emptyScope);
  const [row] = await context.cluster.look(() => context.cluster.duck.rows(`SELECT CAST(${sql} AS VARCHAR)`));
  const value = row?.[0];
  return value === null || value === undefined ? null : String(value);
}

/** After `KILL`. */
export async function kill(tokens: Tokens, context: Context): Promise<Result> {
  const query = tokens.accept("QUERY");
  if (!query) tokens.accept("CONNECTION");
  const id = tokens.integer();
  tokens.expectEnd();
  const found = context.cluster.connections
    .list()
    .find((session) => session.id === id && session.frontend === context.session.frontend);
  if (!found) throw analysisError(`Unknown thread id: ${id}`, 1094, "HY000");
  if (found.user !== context.session.user) requireSystem(context, "OPERATE");
  if (query) found.reader?.interrupt();
  else context.cluster.connections.kill(id);
  return ok();
}
