import { analysisError } from "../../basics/errors.ts";
import { parseExpression } from "../../sql/expression.ts";
import type { Expr } from "../../sql/query-ast.ts";
import type { Tokens } from "../../sql/tokens.ts";

/** What the WHERE of SHOW SNAPSHOT asks for. */
export type SnapshotFilter = { names?: readonly string[]; snapshot?: string; timestamp?: string };

const wrongWhere = (): Error =>
  analysisError(
    "Where clause should looks like: SNAPSHOT = 'your_snapshot_name' [AND TIMESTAMP = '2018-04-18-19-19-10']",
  );

/** Only the shape of the condition counts: every comparison is read as `=`, LIKE and the like are ignored (§4). */
export function parseSnapshotFilter(tokens: Tokens): () => SnapshotFilter {
  if (!tokens.accept("WHERE")) return () => ({});
  const where = parseExpression(tokens);
  // The condition is looked at after the repository.
  return () => analyze(where);
}

function analyze(where: Expr): SnapshotFilter {
  const filter: SnapshotFilter = {};
  if (where.kind === "in") filter.names = namesOf(where);
  else if (where.kind === "unary" && where.operator === "NOT") throw wrongWhere();
  else if (where.kind === "binary") {
    const parts = ["AND", "&&"].includes(where.operator) ? [where.left, where.right] : [where];
    for (const part of parts) compare(part, filter);
  }
  if (filter.timestamp !== undefined && filter.snapshot === undefined) throw wrongWhere();
  return filter;
}

const columnOf = (expr: Expr): string | undefined =>
  expr.kind === "column" ? expr.parts.at(-1)?.toLowerCase() : undefined;

function compare(expr: Expr, filter: SnapshotFilter): void {
  if (expr.kind !== "binary" || expr.right.kind !== "string" || expr.right.value === "") throw wrongWhere();
  const column = columnOf(expr.left);
  if (column === "snapshot") filter.snapshot = expr.right.value;
  else if (column === "timestamp") filter.timestamp = expr.right.value;
  else throw wrongWhere();
}

function namesOf({ operand, list }: Extract<Expr, { kind: "in" }>): string[] {
  if (columnOf(operand) !== "snapshot") throw analysisError("Left expr of should be snapshot");
  if (!("map" in list)) throw analysisError("Child of in predicate should be string value");
  return list.map((item) => {
    if (item.kind !== "string") throw analysisError("Child of in predicate should be string value");
    return item.value;
  });
}
