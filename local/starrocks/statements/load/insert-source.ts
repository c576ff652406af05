import { analysisError, syntaxError } from "../../basics/errors.ts";
import { quoteName, quoteText } from "../../duckdb/duck.ts";
import { loadCast } from "../../duckdb/translate/coerce.ts";
import { translateExpression } from "../../duckdb/translate/expression.ts";
import { translateQuery } from "../../duckdb/translate/query.ts";
import { emptyScope, scopeOf } from "../../duckdb/translate/scope.ts";
import type { Cluster } from "../../engine/cluster.ts";
import type { Column, Table } from "../../metadata/model.ts";
import type { ColumnDefault } from "../../sql/create-table.ts";
import { parseExpression } from "../../sql/expression.ts";
import type { Expr, Query } from "../../sql/query-ast.ts";
import { Tokens } from "../../sql/tokens.ts";
import { sortedColumns, type Translation } from "../query/translation.ts";
import type { Insert } from "./insert-statement.ts";

const maxRows = 10_000;

/** Columns named in the statement, in its order; all of them when none is named. */
export function targetColumns(table: Table, names: readonly string[] | undefined): Column[] {
  if (!names) return table.columns.filter((column) => column.generated === undefined);
  const chosen = new Set<Column>();
  for (const name of names) {
    const column = table.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!column) throw analysisError(`Unknown column '${name}' in '${table.name}'`);
    if (column.generated !== undefined)
      throw analysisError(`generated column '${name}' can not be specified`);
    if (chosen.has(column)) throw analysisError(`Column '${name}' specified twice`);
    chosen.add(column);
  }
  return [...chosen];
}

function defaultSql(column: Column, self: Translation): string | undefined {
  if (column.autoIncrement || column.generated !== undefined) return "NULL";
  const value: ColumnDefault | undefined = column.default;
  if (!value) return column.nullable ? "NULL" : undefined;
  if (value.kind === "uuid") return "CAST(gen_random_uuid() AS VARCHAR)";
  if (value.kind === "now") return translateExpression(nowCall, self, emptyScope);
  return value.value === null ? "NULL" : quoteText(value.value);
}

const nowCall: Expr = { kind: "call", name: "now", args: [], distinct: false, star: false, orderBy: [] };

/** Values that need no cast to share a column: DuckDB unifies literals of one sort. */
const sort = (expr: Expr): string =>
  expr.kind === "unary" && expr.operand.kind === "number" ? "number" : expr.kind;

function checkCount(columns: readonly Column[], count: number): void {
  if (count === columns.length) return;
  throw analysisError(
    `Inserted target column count: ${columns.length} doesn't match select/value column count: ${count}`,
    5604,
    "42601",
  );
}

function valuesSource(
  rows: readonly (readonly Expr[])[],
  columns: readonly Column[],
  self: Translation,
): string {
  if (rows.length > maxRows) {
    throw syntaxError(
      `The inserted rows are ${rows.length} exceeded the maximum limit ${maxRows}, please consider modify 'expr_children_limit' in FE conf`,
    );
  }
  for (const row of rows) checkCount(columns, row.length);
  const mixed = columns.map((_, index) => {
    const sorts = new Set(rows.map((row) => sort(row[index] ?? { kind: "null" })));
    sorts.delete("null");
    return !(sorts.size === 0 || (sorts.size === 1 && (sorts.has("string") || sorts.has("number"))));
  });
  const lines = rows.map((row) => {
    const cells = row.map((expr, index) => {
      const column = columns[index];
      if (!column) return "NULL";
      if (column.autoIncrement && expr.kind === "null")
        throw analysisError(
          ` \`NULL\` value is not supported for an AUTO_INCREMENT column: ${column.name} You can use \`default\` for an AUTO INCREMENT column`,
        );
      const sql =
        expr.kind === "default" ? needDefault(column, self) : translateExpression(expr, self, emptyScope);
      return mixed[index] ? loadCast(sql, column.type) : sql;
    });
    return `(${cells.join(",")})`;
  });
  return `VALUES ${lines.join(",")}`;
}

/** The word DEFAULT: NULL is nobody's default unless it was given as one. */
function needDefault(column: Column, self: Translation): string {
  const sql = defaultSql(column, self);
  const hasNone = column.default === undefined && !column.autoIncrement && column.generated === undefined;
  if (sql === undefined || hasNone) throw analysisError(`Column has no default value, column=${column.name}`);
  return sql;
}

async function querySource(
  cluster: Cluster,
  query: Query,
  columns: readonly Column[],
  self: Translation,
): Promise<string> {
  const sql = translateQuery(query, self);
  checkCount(columns, (await cluster.duck.rows(`DESCRIBE ${sql}`)).length);
  return sql;
}

/** SQL yielding the table's columns in order, whatever columns the statement named. */
export async function insertSource(
  cluster: Cluster,
  table: Table,
  { columns: names, query }: Pick<Insert, "columns" | "query">,
  self: Translation,
): Promise<string> {
  const columns = targetColumns(table, names);
  for (const column of table.columns) {
    if (!columns.includes(column) && defaultSql(column, self) === undefined)
      throw analysisError(`'${column.name}' must be explicitly mentioned in column permutation`);
  }
  const plain = query.with.length + query.orderBy.length === 0 && query.limit === undefined;
  const source =
    query.body.kind === "values" && plain
      ? valuesSource(query.body.rows, columns, self)
      : await querySource(cluster, query, columns, self);
  const given = columns.map((_, index) => `v${index}`);
  const outputs = table.columns.map((column) => {
    const index = columns.indexOf(column);
    const base = index >= 0 ? `v${index}` : (defaultSql(column, self) ?? "NULL");
    return `${base} AS ${quoteName(column.name)}`;
  });
  return withGenerated(
    table,
    `SELECT ${outputs.join(", ")} FROM (${source}) AS s(${given.join(", ")})`,
    self,
  );
}

/** Rows with all columns of the table: the generated ones are computed from the others. */
export function withGenerated(table: Table, sql: string, self: Translation): string {
  if (table.columns.every((column) => column.generated === undefined)) return sql;
  const typed = table.columns
    .filter((column) => column.generated === undefined)
    .map((column) => `${loadCast(quoteName(column.name), column.type)} AS ${quoteName(column.name)}`);
  const scope = scopeOf(table.name, sortedColumns(table.columns));
  const outputs = table.columns.map((column) => {
    if (column.generated === undefined) return quoteName(column.name);
    const value = translateExpression(parseExpression(new Tokens(column.generated)), self, scope);
    return `${value} AS ${quoteName(column.name)}`;
  });
  return `SELECT ${outputs.join(", ")} FROM (SELECT ${typed.join(", ")} FROM (${sql}))`;
}
