import { type Position, syntaxError } from "../basics/errors.ts";

export type Token = Readonly<{
  kind: "word" | "quoted" | "string" | "number" | "operator" | "variable" | "end";
  /** The text as written. */
  text: string;
  /** Upper-cased word, unquoted name or unescaped string. */
  value: string;
  start: number;
  end: number;
  position: Position;
}>;

const operators = ["<=>", "<<", ">>", "<=", ">=", "<>", "!=", "&&", "||", "->"];
const single = new Set("+-*/%=<>!~&|^(),.;[]{}:?@".split(""));
const wordStart = /[\p{L}_$]/u;
const wordPart = /[\p{L}\p{N}_$]/u;

const escapes: Record<string, string> = {
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\x1a",
};

/** What a character after a backslash stands for; `\%` and `\_` keep the backslash for LIKE. */
function escaped(char: string): string {
  return char === "%" || char === "_" ? `\\${char}` : (escapes[char] ?? char);
}

/** The text of a MySQL string literal. */
function unescaped(body: string, quote: string): string {
  if (!body.includes("\\") && !body.includes(quote)) return body;
  let out = "";
  for (let i = 0; i < body.length; i += 1) {
    const char = body[i] ?? "";
    if (char === "\\" && i + 1 < body.length) {
      i += 1;
      out += escaped(body[i] ?? "");
    } else {
      out += char;
      if (char === quote) i += 1;
    }
  }
  return out;
}

export class Lexer {
  readonly #sql: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  /** Where the current line ends. It is remembered: a statement of megabytes is often one line. */
  #lineEnd: number;

  constructor(sql: string) {
    this.#sql = sql;
    this.#lineEnd = this.#endOfLine(0);
  }

  all(): Token[] {
    const tokens: Token[] = [];
    for (;;) {
      const token = this.#next();
      tokens.push(token);
      if (token.kind === "end") return tokens;
    }
  }

  #position(): Position {
    return { line: this.#line, column: this.#at - this.#lineStart };
  }

  #advance(to: number): void {
    while (this.#lineEnd < to) {
      this.#line += 1;
      this.#lineStart = this.#lineEnd + 1;
      this.#lineEnd = this.#endOfLine(this.#lineStart);
    }
    this.#at = to;
  }

  #endOfLine(from: number): number {
    const newline = this.#sql.indexOf("\n", from);
    return newline < 0 ? this.#sql.length : newline;
  }

  #skipBlanks(): void {
    for (;;) {
      const char = this.#sql[this.#at] ?? "";
      const two = this.#sql.slice(this.#at, this.#at + 2);
      // A `#` is passed over; what comes after it is part of the statement (§15).
      if (char === "#" || (char !== "" && /\s/.test(char))) this.#advance(this.#at + 1);
      else if (two === "--" && /\s|^$/.test(this.#sql[this.#at + 2] ?? "")) this.#skipLine();
      else if (two === "/*") this.#skipComment();
      else return;
    }
  }

  #skipLine(): void {
    this.#advance(Math.min(this.#lineEnd + 1, this.#sql.length));
  }

  #skipComment(): void {
    const end = this.#sql.indexOf("*/", this.#at + 2);
    if (end < 0) throw syntaxError("Unclosed comment", this.#position());
    this.#advance(end + 2);
  }

  #token(kind: Token["kind"], end: number, value: (text: string) => string): Token {
    const start = this.#at;
    const text = this.#sql.slice(start, end);
    const position = this.#position();
    this.#advance(end);
    return { kind, text, value: value(text), start, end, position };
  }

  #next(): Token {
    this.#skipBlanks();
    const char = this.#sql[this.#at];
    if (char === undefined) return this.#token("end", this.#at, () => "");
    if (char === "'" || char === '"') return this.#quoted(char, "string");
    if (char === "`") return this.#quoted(char, "quoted");
    if (char === "@") return this.#variable();
    if (/[0-9]/.test(char) || (char === "." && /[0-9]/.test(this.#sql[this.#at + 1] ?? "")))
      return this.#number();
    if (wordStart.test(char)) return this.#word();
    const long = operators.find((operator) => this.#sql.startsWith(operator, this.#at));
    if (long) return this.#token("operator", this.#at + long.length, (text) => text);
    if (single.has(char)) return this.#token("operator", this.#at + 1, (text) => text);
    throw syntaxError(`Unexpected input '${char}'`, this.#position());
  }

  #quoted(quote: string, kind: "string" | "quoted"): Token {
    let end = this.#at + 1;
    for (;;) {
      const char = this.#sql[end];
      if (char === undefined) throw syntaxError(`Unclosed ${quote}`, this.#position());
      if (char === "\\" && kind === "string") end += 2;
      else if (char !== quote) end += 1;
      else if (this.#sql[end + 1] === quote) end += 2;
      else break;
    }
    return this.#token(kind, end + 1, (text) =>
      kind === "string" ? unescaped(text.slice(1, -1), quote) : text.slice(1, -1).replaceAll("``", "`"),
    );
  }

  #variable(): Token {
    // In `'user'@'host'` it stands between two names.
    if (/['"]/.test(this.#sql[this.#at + 1] ?? ""))
      return this.#token("operator", this.#at + 1, (text) => text);
    const match = /^@@?(?:`[^`]*`|[\w$]+(?:\.[\w$]+)*)/.exec(this.#sql.slice(this.#at, this.#at + 200));
    if (!match) throw syntaxError("Unexpected input '@'", this.#position());
    return this.#token("variable", this.#at + match[0].length, (text) => text.replaceAll("`", ""));
  }

  #number(): Token {
    const rest = this.#sql.slice(this.#at, this.#at + 120);
    const match = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(rest);
    const length = match ? match[0].length : 1;
    return this.#token("number", this.#at + length, (text) => text);
  }

  #word(): Token {
    let end = this.#at;
    while (end < this.#sql.length && wordPart.test(this.#sql[end] ?? "")) end += 1;
    return this.#token("word", end, (text) => text.toUpperCase());
  }
}

/** Cuts a text into its statements at `;` outside of strings and comments; empty ones are dropped. */
export function splitStatements(sql: string): string[] {
  const tokens = new Lexer(sql).all();
  const statements: string[] = [];
  let start = 0;
  let any = false;
  for (const token of tokens) {
    if (token.kind === "end" || token.text === ";") {
      if (any) statements.push(sql.slice(start, token.start));
      start = token.end;
      any = false;
    } else {
      any = true;
    }
  }
  return statements;
}
