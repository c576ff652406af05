import type { TypeName } from "../sql/query-ast.ts";

/** The three decimals of the FE differ in the digits they hold. */
const decimalName = (precision: number): string =>
  precision <= 9 ? "DECIMAL32" : precision <= 18 ? "DECIMAL64" : "DECIMAL128";

/** A type as the FE's own error texts print it; SHOW and DESC print another form. */
export function plainTypeText(type: TypeName): string {
  const [first, second = 0] = type.parameters;
  switch (type.name) {
    case "ARRAY":
      return `ARRAY<${type.element ? plainTypeText(type.element) : ""}>`;
    case "CHAR":
      return `CHAR(${first ?? 1})`;
    case "STRING":
      return "VARCHAR(65533)";
    case "VARCHAR":
      return `VARCHAR(${first ?? 65533})`;
    case "DECIMAL":
      return `${decimalName(first ?? 10)}(${first ?? 10},${second})`;
    default:
      return type.name;
  }
}
