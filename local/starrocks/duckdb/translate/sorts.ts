/**
 * What is known of an expression's type, as far as it decides how StarRocks computes with it. `undefined` is a type not
 * known here: then DuckDB's own rules hold, and what they refuse is refused.
 */
export type Sort =
  | "null"
  | "boolean"
  | "tinyint"
  | "smallint"
  | "int"
  | "bigint"
  | "largeint"
  | "decimal"
  | "float"
  | "double"
  | "text"
  | "date"
  | "datetime"
  | "json";

/** An expression in DuckDB's SQL. */
export type Typed = Readonly<{ sql: string; sort: Sort | undefined }>;

const sorts: Record<string, Sort> = {
  BOOLEAN: "boolean",
  TINYINT: "tinyint",
  SMALLINT: "smallint",
  INT: "int",
  BIGINT: "bigint",
  LARGEINT: "largeint",
  DECIMAL: "decimal",
  FLOAT: "float",
  DOUBLE: "double",
  CHAR: "text",
  VARCHAR: "text",
  STRING: "text",
  DATE: "date",
  DATETIME: "datetime",
  JSON: "json",
};

/** Of a StarRocks type's name. */
export const sortOf = (typeName: string): Sort | undefined => sorts[typeName];

const integers: readonly Sort[] = ["tinyint", "smallint", "int", "bigint", "largeint"];

export const isInteger = (sort: Sort | undefined): boolean => sort !== undefined && integers.includes(sort);

export const isMoment = (sort: Sort | undefined): boolean => sort === "date" || sort === "datetime";

/** The smallest integer type a literal fits, as StarRocks types it. */
export function literalSort(text: string): Sort {
  if (/e/i.test(text)) return "double";
  if (text.includes(".")) return "decimal";
  const value = BigInt(text);
  if (value < 2n ** 7n) return "tinyint";
  if (value < 2n ** 15n) return "smallint";
  if (value < 2n ** 31n) return "int";
  return value < 2n ** 63n ? "bigint" : "largeint";
}

/** The type that holds both, if it is known. */
export function commonSort(a: Sort | undefined, b: Sort | undefined): Sort | undefined {
  if (a === b || b === "null") return a;
  if (a === "null") return b;
  if (a === undefined || b === undefined) return undefined;
  if (a === "text" || b === "text") return "text";
  if (isInteger(a) && isInteger(b)) return integers[Math.max(integers.indexOf(a), integers.indexOf(b))];
  if (isMoment(a) && isMoment(b)) return "datetime";
  const numbers = [a, b];
  if (!numbers.every((sort) => isInteger(sort) || ["decimal", "float", "double"].includes(sort)))
    return undefined;
  return numbers.includes("float") || numbers.includes("double") ? "double" : "decimal";
}

/** Sums, differences and products of integers have the next wider type; BIGINT stays. */
export function wider(sort: Sort): Sort {
  const next: Partial<Record<Sort, Sort>> = { tinyint: "smallint", smallint: "int", int: "bigint" };
  return next[sort] ?? sort;
}
