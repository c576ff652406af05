import type { Body, From, Query, Select } from "../sql/query-ast.ts";
import { quoteName } from "../storage/duck.ts";
import type { TranslateContext } from "./context.ts";
import { translateExpression, translateOrder } from "./expression.ts";

/** Names of common table expressions in reach. */
export type Scope = ReadonlySet<string>;

export const emptyScope: Scope = new Set();

export function translateQuery(query: Query, context: TranslateContext, outer: Scope = emptyScope): string {
  const scope = new Set(outer);
  const ctes = query.with.map((cte) => {
    const body = translateQuery(cte.query, context, scope);
    scope.add(cte.name);
    const columns = cte.columns ? ` (${cte.columns.map(quoteName).join(", ")})` : "";
    return `${quoteName(cte.name)}${columns} AS (${body})`;
  });
  const head = ctes.length > 0 ? `WITH ${ctes.join(", ")} ` : "";
  const limit = query.limit === undefined ? "" : ` LIMIT ${query.limit}`;
  const offset = query.offset === undefined ? "" : ` OFFSET ${query.offset}`;
  const order = translateOrder(query.orderBy, context, scope);
  return `${head}${translateBody(query.body, context, scope)}${order}${limit}${offset}`;
}

function translateBody(body: Body, context: TranslateContext, scope: Scope): string {
  switch (body.kind) {
    case "select":
      return translateSelect(body, context, scope);
    case "set":
      return `${translateBody(body.left, context, scope)} ${body.operator} ${translateBody(body.right, context, scope)}`;
    case "nested":
      return `(${translateQuery(body.query, context, scope)})`;
    case "values": {
      const rows = body.rows.map(
        (row) => `(${row.map((one) => translateExpression(one, context, scope)).join(", ")})`,
      );
      return `VALUES ${rows.join(", ")}`;
    }
  }
}

function translateSelect(select: Select, context: TranslateContext, scope: Scope): string {
  const items = select.items.map((item) => {
    if (item.kind === "star")
      return item.qualifier.length > 0 ? `${quoteName(item.qualifier.at(-1) ?? "")}.*` : "*";
    return `${translateExpression(item.expr, context, scope)} AS ${quoteName(item.name)}`;
  });
  const one = (clause: string, expr: Select["where"]): string =>
    expr ? ` ${clause} ${translateExpression(expr, context, scope)}` : "";
  const groups = select.groupBy.map((expr) => translateExpression(expr, context, scope));
  return [
    `SELECT ${select.distinct ? "DISTINCT " : ""}${items.join(", ")}`,
    select.from ? ` FROM ${translateFrom(select.from, context, scope)}` : "",
    one("WHERE", select.where),
    groups.length > 0 ? ` GROUP BY ${groups.join(", ")}` : "",
    one("HAVING", select.having),
  ].join("");
}

function translateFrom(from: From, context: TranslateContext, scope: Scope): string {
  switch (from.kind) {
    case "table": {
      const name = from.name.at(-1) ?? "";
      const alias = quoteName(from.alias ?? name);
      if (from.name.length === 1 && scope.has(name)) return `${quoteName(name)} AS ${alias}`;
      return `${context.table(from)} AS ${alias}`;
    }
    case "derived": {
      const columns = from.columns ? ` (${from.columns.map(quoteName).join(", ")})` : "";
      return `(${translateQuery(from.query, context, scope)}) AS ${quoteName(from.alias)}${columns}`;
    }
    case "series": {
      const args = from.args.map((one) => translateExpression(one, context, scope)).join(", ");
      return `generate_series(${args}) AS ${quoteName(from.alias ?? "t")}(generate_series)`;
    }
    case "join": {
      const on = from.on ? ` ON ${translateExpression(from.on, context, scope)}` : "";
      const using = from.using ? ` USING (${from.using.map(quoteName).join(", ")})` : "";
      const bare = on === "" && using === "" && from.join === "JOIN" ? "CROSS JOIN" : from.join;
      const left = translateFrom(from.left, context, scope);
      return `(${left} ${bare} ${translateFrom(from.right, context, scope)}${on}${using})`;
    }
  }
}
