import { maxBytes } from "../../duckdb/translate/types.ts";
import { InvalidLiteral, literal } from "../../metadata/literals.ts";
import { plainTypeText } from "../../metadata/type-names.ts";
import type { ColumnDefault, ColumnDefinition } from "../../sql/create-table.ts";
import type { TypeName } from "../../sql/query-ast.ts";

/** What is wrong with a column's DEFAULT, undefined if it is right: CREATE and ALTER put it into sentences of their own. */
export function defaultProblem({
  name,
  type,
  nullable,
  default: value,
}: ColumnDefinition): string | undefined {
  if (!value) return undefined;
  if (value.kind === "literal" && value.value === null)
    return nullable === false ? `Invalid default value for '${name}'` : undefined;
  const problem = valueProblem(value, type);
  return problem === undefined ? undefined : `Invalid default value for '${name}': ${problem}`;
}

function valueProblem(value: ColumnDefault, type: TypeName): string | undefined {
  if (value.kind === "now")
    return type.name === "DATETIME"
      ? undefined
      : `Default function now() for type ${plainTypeText(type)} is not supported`;
  if (value.kind === "uuid") return uuidProblem(type);
  return value.value === null ? undefined : literalProblem(value.value, type);
}

function uuidProblem(type: TypeName): string | undefined {
  if (type.name !== "VARCHAR" && type.name !== "STRING")
    return `Default function uuid() for type ${plainTypeText(type)} is not supported`;
  return (maxBytes(type) ?? 0) < 36
    ? "Varchar type length must be greater than 36 for uuid function"
    : undefined;
}

function literalProblem(text: string, type: TypeName): string | undefined {
  if (type.element) return `Default value for complex type '${plainTypeText(type)}' not supported`;
  if (type.name === "JSON" || type.name === "VARBINARY")
    return `Cannot add default value for type '${plainTypeText(type)}'`;
  const length = maxBytes(type);
  if (length !== undefined) return text.length > length ? `Default value is too long: ${text}` : undefined;
  try {
    literal(text, type);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidLiteral) return error.message;
    throw error;
  }
}
