import type { TypeName } from "../sql/query-ast.ts";
import { plainTypeText } from "./type-names.ts";

/** What the FE says of a text that is no value of a type; callers put it into a sentence of their own. */
export class InvalidLiteral extends Error {}

const integerBits: Readonly<Record<string, bigint>> = { TINYINT: 8n, SMALLINT: 16n, INT: 32n, BIGINT: 64n };

function integer(text: string, type: string): string {
  if (!/^[-+]?\d+$/.test(text)) throw new InvalidLiteral(`Invalid number format: ${text}`);
  const value = BigInt(text);
  if (BigInt.asIntN(Number(integerBits[type]), value) !== value)
    throw new InvalidLiteral(`Number out of range[${text}]. type: ${type}`);
  return value.toString();
}

function largeInteger(text: string): string {
  if (!/^[-+]?\d+$/.test(text)) throw new InvalidLiteral(`Invalid integer literal: ${text}`);
  const value = BigInt(text);
  if (BigInt.asIntN(128, value) !== value)
    throw new InvalidLiteral(`Large int literal is out of range: ${text}`);
  return value.toString();
}

const separated = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?)?$/;
const compact = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/;

/** Canonical: `yyyy-MM-dd`, or `yyyy-MM-dd HH:mm:ss` with a fraction if there is one. */
function temporal(text: string, type: string): string {
  const invalid = new InvalidLiteral(`date literal [${text}] is invalid`);
  const match = separated.exec(text) ?? compact.exec(text);
  if (!match) throw invalid;
  const two = (index: number) => (match[index] ?? "0").padStart(2, "0");
  const day = `${match[1]}-${two(2)}-${two(3)}`;
  const time = `${two(4)}:${two(5)}:${two(6)}`;
  // A date that does not exist is no date, or turns into another one.
  const parsed = new Date(`${day}T${time}Z`);
  if (Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(day)) throw invalid;
  const fraction = (match[7] ?? "").replace(/0+$/, "");
  if (type === "DATE") return day;
  return `${day} ${time}${fraction === "" ? "" : `.${fraction}`}`;
}

const floating = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function decimal(text: string, type: TypeName): string {
  if (!floating.test(text)) throw new InvalidLiteral(`Invalid floating-point literal: ${text}`);
  const [precision = 10, scale = 0] = type.parameters;
  const [whole = "", fraction = ""] = text.replace(/^[-+]?0*/, "").split(".");
  const digits = whole.length + fraction.length;
  if (/e/i.test(text) || digits > precision || fraction.length > scale || whole.length > precision - scale)
    throw new InvalidLiteral(
      `Type ${plainTypeText(type)} is too narrow to hold the DecimalLiteral '${text}' (precision=${digits}, scale=${fraction.length})`,
    );
  return text;
}

function boolean(text: string): string {
  if (/^(true|1)$/i.test(text)) return "1";
  if (/^(false|0)$/i.test(text)) return "0";
  throw new InvalidLiteral(`Invalid BOOLEAN literal: ${text}`);
}

/** The one spelling of a value, so that comparing text compares values; throws {@link InvalidLiteral}. */
export function literal(text: string, type: TypeName): string {
  switch (type.name) {
    case "TINYINT":
    case "SMALLINT":
    case "INT":
    case "BIGINT":
      return integer(text, type.name);
    case "LARGEINT":
      return largeInteger(text);
    case "DATE":
    case "DATETIME":
      return temporal(text, type.name);
    case "DECIMAL":
      return decimal(text, type);
    case "BOOLEAN":
      return boolean(text);
    case "FLOAT":
    case "DOUBLE":
      if (!floating.test(text)) throw new InvalidLiteral(`Invalid floating-point literal: ${text}`);
      return text;
    default:
      return text;
  }
}
