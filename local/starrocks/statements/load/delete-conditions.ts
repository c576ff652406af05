import { analysisError, ddlError } from "../../basics/errors.ts";
import { InvalidLiteral, literal } from "../../metadata/literals.ts";
import type { Column, Table } from "../../metadata/model.ts";
import type { Expr } from "../../sql/query-ast.ts";

const comparisons = new Set(["=", "!=", "<>", "<", "<=", ">", ">=", "<=>"]);
const maxElements = 10_000;

type Condition = Readonly<{ column: string; values: readonly Expr[]; nullSafe: boolean }>;

/**
 * What a DELETE on a table without primary key may ask for: columns compared with values, joined by AND. False if a
 * comparison with NULL makes it delete nothing, not even a version (§9.5).
 */
export function checkDeleteConditions(table: Table, where: Expr): boolean {
  return conditionsOf(where).every((condition) => matchesSomething(table, condition));
}

/** DeleteAnalyzer: the shape alone. */
function conditionsOf(where: Expr): Condition[] {
  if (where.kind === "binary" && comparisons.has(where.operator)) {
    const column = columnName(where.left, "Left expr of binary predicate should be column name");
    if (!isValue(where.right)) throw analysisError("Right expr of binary predicate should be value");
    return [{ column, values: [where.right], nullSafe: where.operator === "<=>" }];
  }
  if (where.kind === "binary" && (where.operator === "AND" || where.operator === "&&"))
    return [...conditionsOf(where.left), ...conditionsOf(where.right)];
  const compound = where.kind === "binary" ? where.operator : where.kind === "unary" ? where.operator : "";
  if (["OR", "||", "NOT"].includes(compound)) throw analysisError("Compound predicate's op should be AND");
  if (where.kind === "is-null") {
    const column = columnName(where.operand, "Left expr of is_null predicate should be column name");
    return [{ column, values: [], nullSafe: false }];
  }
  if (where.kind === "in") return [inCondition(where)];
  throw analysisError(
    "Where clause only supports compound predicate, binary predicate, is_null predicate and in predicate",
  );
}

function inCondition({ operand, list }: Extract<Expr, { kind: "in" }>): Condition {
  const column = columnName(operand, "Left expr of binary predicate should be column name");
  if ("body" in list || !list.every(isValue)) throw analysisError("Child of in predicate should be value");
  if (list.length > maxElements)
    throw analysisError(`Element num of predicate should not be more than ${maxElements}`);
  return { column, values: list, nullSafe: false };
}

function columnName(expr: Expr, otherwise: string): string {
  const name = expr.kind === "column" ? expr.parts.at(-1) : undefined;
  if (name === undefined) throw analysisError(otherwise);
  return name;
}

const isValue = (expr: Expr): boolean =>
  ["string", "number", "null", "boolean", "temporal"].includes(expr.kind) || valueText(expr) !== undefined;

function valueText(expr: Expr): string | undefined {
  if (expr.kind === "string" || expr.kind === "temporal") return expr.value;
  if (expr.kind === "number") return expr.text;
  if (expr.kind === "boolean") return expr.value ? "1" : "0";
  if (expr.kind === "unary" && expr.operator === "-" && expr.operand.kind === "number")
    return `-${expr.operand.text}`;
  return undefined;
}

/** DeleteMgr: the column and its values. */
function matchesSomething(table: Table, { column: name, values, nullSafe }: Condition): boolean {
  const column = table.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!column) throw ddlError(`Unknown column '${name}' in '${table.name}'`);
  const floating = column.type.name === "FLOAT" || column.type.name === "DOUBLE";
  if (floating || (!column.key && table.keysType !== "DUPLICATE"))
    throw ddlError(
      `Column[${name}] is not key column or storage model is not duplicate or column type is float or double.`,
    );
  if (column.type.element)
    throw ddlError(`unsupported delete condition on Array/Map/Struct type column[${name}]`);
  if (nullSafe) throw ddlError("Delete condition does not support null-safe equal currently.");
  const known = values.flatMap((value) => valueText(value) ?? []);
  for (const value of known) checkValue(column, value);
  return values.length === 0 || known.length > 0;
}

function checkValue(column: Column, value: string): void {
  try {
    literal(value, column.type);
  } catch (error) {
    if (!(error instanceof InvalidLiteral)) throw error;
    throw ddlError(`Invalid value for column ${column.name}: ${error.message}`);
  }
}
