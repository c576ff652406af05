import { analysisError, unsupported } from "../../basics/errors.ts";
import { generatedKeyPrefix } from "../../metadata/model.ts";
import type { Body, Expr, From, Query, Select, SelectItem } from "../../sql/query-ast.ts";
import { quoteName } from "../duck.ts";
import type { TranslateContext, TypedQuery } from "./context.ts";
import { translateExpression, translateOrder, typedExpression } from "./expression.ts";
import { type Columns, commonColumns, emptyScope, type Scope, type Source } from "./scope.ts";
import type { Typed } from "./sorts.ts";

export const translateQuery = (query: Query, context: TranslateContext, outer: Scope = emptyScope): string =>
  typedQuery(query, context, outer).sql;

export function typedQuery(query: Query, context: TranslateContext, outer: Scope): TypedQuery {
  let scope = outer;
  const ctes = query.with.map((cte) => {
    const body = typedQuery(cte.query, context, scope);
    scope = { ...scope, ctes: new Map([...scope.ctes, [cte.name, renamed(body.columns, cte.columns)]]) };
    const columns = cte.columns ? ` (${cte.columns.map(quoteName).join(", ")})` : "";
    return `${quoteName(cte.name)}${columns} AS (${body.sql})`;
  });
  const head = ctes.length > 0 ? `WITH ${ctes.join(", ")} ` : "";
  const limit = query.limit === undefined ? "" : ` LIMIT ${query.limit}`;
  const offset = query.offset === undefined ? "" : ` OFFSET ${query.offset}`;
  const body = translateBody(query.body, context, scope);
  const order = translateOrder(query.orderBy, context, body.after);
  return { sql: `${head}${body.sql}${order}${limit}${offset}`, columns: body.columns };
}

const renamed = (columns: Columns | undefined, names: readonly string[] | undefined): Columns | undefined =>
  columns?.map(({ name, sort }, index) => ({ name: names?.[index] ?? name, sort }));

/** `after`: what names mean in the ORDER BY that follows. */
type TypedBody = TypedQuery & Readonly<{ after: Scope }>;

function translateBody(body: Body, context: TranslateContext, scope: Scope): TypedBody {
  const bare = (sql: string, columns: Columns | undefined): TypedBody => ({
    sql,
    columns,
    after: within(scope, [{ alias: "", columns }]),
  });
  switch (body.kind) {
    case "select":
      return translateSelect(body, context, scope);
    case "set": {
      const left = translateBody(body.left, context, scope);
      const right = translateBody(body.right, context, scope);
      return bare(`${left.sql} ${body.operator} ${right.sql}`, commonColumns(left.columns, right.columns));
    }
    case "nested": {
      const { sql, columns } = typedQuery(body.query, context, scope);
      return bare(`(${sql})`, columns);
    }
    case "values": {
      const rows = body.rows.map(
        (row) => `(${row.map((one) => translateExpression(one, context, scope)).join(", ")})`,
      );
      return bare(`VALUES ${rows.join(", ")}`, undefined);
    }
  }
}

const within = (outer: Scope, sources: readonly Source[]): Scope => ({ ctes: outer.ctes, sources, outer });

function translateSelect(select: Select, context: TranslateContext, outer: Scope): TypedBody {
  const from = select.from && translateFrom(select.from, context, outer);
  const sources = from?.sources ?? [];
  checkAliases(sources);
  const scope = within(outer, sources);
  const items = select.items.map((item) => translateItem(item, context, scope));
  // GROUP BY, HAVING and ORDER BY also know the names given in the list.
  const aliases = select.items.flatMap((item, index) =>
    item.kind === "expr" && item.aliased ? [{ name: item.name, sort: items[index]?.columns?.[0]?.sort }] : [],
  );
  const after = within(outer, [...sources, { alias: "", columns: aliases }]);
  const one = (clause: string, expr: Expr | undefined, where: Scope): string =>
    expr ? ` ${clause} ${translateExpression(expr, context, where)}` : "";
  const groups = select.groupBy.map((expr) => translateExpression(expr, context, after));
  const sql = [
    `SELECT ${select.distinct ? "DISTINCT " : ""}${items.map((item) => item.sql).join(", ")}`,
    from ? ` FROM ${from.sql}` : "",
    one("WHERE", select.where, scope),
    groups.length > 0 ? ` GROUP BY ${groups.join(", ")}` : "",
    one("HAVING", select.having, after),
  ].join("");
  return { sql, columns: joined(items.map(({ columns }) => columns)), after };
}

/** All of them, if all are known. */
function joined(parts: readonly (Columns | undefined)[]): Columns | undefined {
  const known = parts.flatMap((columns) => (columns ? [columns] : []));
  return known.length === parts.length ? known.flat() : undefined;
}

const isGeneratedKey = (name: string): boolean => name.startsWith(generatedKeyPrefix);

function translateItem(item: SelectItem, context: TranslateContext, scope: Scope): TypedQuery {
  if (item.kind === "star") {
    const alias = item.qualifier.at(-1);
    const chosen = scope.sources.filter((one) => alias === undefined || one.alias === alias);
    const columns = joined(chosen.map(({ columns }) => columns));
    const left = new Set(columns?.flatMap(({ name }) => (isGeneratedKey(name) ? [quoteName(name)] : [])));
    const star = alias === undefined ? "*" : `${quoteName(alias)}.*`;
    return {
      sql: left.size === 0 ? star : `${star} EXCLUDE (${[...left].join(", ")})`,
      columns: columns?.filter(({ name }) => !isGeneratedKey(name)),
    };
  }
  const { sql, sort }: Typed = typedExpression(item.expr, context, scope);
  return { sql: `${sql} AS ${quoteName(item.name)}`, columns: [{ name: item.name, sort }] };
}

/** DuckDB's names know no case. */
function checkAliases(sources: readonly Source[]): void {
  const seen = new Map<string, string>();
  for (const { alias } of sources) {
    const other = seen.get(alias.toLowerCase());
    if (other === alias) throw analysisError(`Not unique table/alias: '${alias}'`, 1066, "42000");
    if (other !== undefined) throw unsupported(`Aliases that differ by case only, ${other} and ${alias},`);
    seen.set(alias.toLowerCase(), alias);
  }
}

type TypedFrom = Readonly<{ sql: string; sources: readonly Source[] }>;

function translateFrom(from: From, context: TranslateContext, outer: Scope): TypedFrom {
  switch (from.kind) {
    case "table": {
      const name = from.name.at(-1) ?? "";
      const alias = from.alias ?? name;
      const cte = from.name.length === 1 && outer.ctes.has(name);
      return {
        sql: `${cte ? quoteName(name) : context.table(from)} AS ${quoteName(alias)}`,
        sources: [{ alias, columns: cte ? outer.ctes.get(name) : context.columns(from) }],
      };
    }
    case "derived": {
      const { sql, columns } = typedQuery(from.query, context, outer);
      const names = from.columns ? ` (${from.columns.map(quoteName).join(", ")})` : "";
      return {
        sql: `(${sql}) AS ${quoteName(from.alias)}${names}`,
        sources: [{ alias: from.alias, columns: renamed(columns, from.columns) }],
      };
    }
    case "series": {
      const args = from.args.map((one) => translateExpression(one, context, outer)).join(", ");
      const alias = from.alias ?? "t";
      return {
        sql: `generate_series(${args}) AS ${quoteName(alias)}(generate_series)`,
        sources: [{ alias, columns: [{ name: "generate_series", sort: "bigint" }] }],
      };
    }
    case "join":
      return translateJoin(from, context, outer);
  }
}

function translateJoin(
  from: Extract<From, { kind: "join" }>,
  context: TranslateContext,
  outer: Scope,
): TypedFrom {
  const left = translateFrom(from.left, context, outer);
  const right = translateFrom(from.right, context, outer);
  const sources = [...left.sources, ...right.sources];
  const on = from.on ? ` ON ${translateExpression(from.on, context, within(outer, sources))}` : "";
  const using = from.using ? ` USING (${from.using.map(quoteName).join(", ")})` : "";
  const bare = on === "" && using === "" && from.join === "JOIN" ? "CROSS JOIN" : from.join;
  return {
    sql: `(${left.sql} ${bare} ${right.sql}${on}${using})`,
    // `*` shows the columns of USING once, and only the left side of a semi join.
    sources: from.using || /SEMI|ANTI/.test(from.join) ? sources.map(untyped) : sources,
  };
}

const untyped = ({ alias }: Source): Source => ({ alias, columns: undefined });
