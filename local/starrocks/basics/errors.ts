/** Of a token in a statement, as error texts count. */
export type Position = Readonly<{ line: number; column: number }>;

/** An error as it goes out in an ERR packet: errno, SQL state, text (starrocks.md §15). */
export class SqlError extends Error {
  readonly code: number;
  readonly state: string;

  constructor(message: string, code = 1064, state = "HY000") {
    super(message);
    this.code = code;
    this.state = state;
  }
}

/** Ends the connection without an answer: what a client sees when an FE dies mid-statement. */
export class DropConnection extends Error {}

function at(from: Position | undefined, to: Position | undefined): string {
  if (!from) return "";
  if (!to || (to.line === from.line && to.column === from.column))
    return ` at line ${from.line}, column ${from.column}`;
  return ` from line ${from.line}, column ${from.column} to line ${to.line}, column ${to.column}`;
}

export function syntaxError(detail: string, from?: Position, to?: Position): SqlError {
  return new SqlError(`Getting syntax error${at(from, to)}. Detail message: ${detail}.`);
}

/** Analyzer texts are wrapped; a code survives only when the FE raised through an error code (§15). */
export function analysisError(detail: string, code = 1064, state = "HY000"): SqlError {
  return new SqlError(`Getting analyzing error. Detail message: ${detail}.`, code, state);
}

export function analysisErrorAt(detail: string, from: Position | undefined, to?: Position): SqlError {
  return new SqlError(`Getting analyzing error${at(from, to)}. Detail message: ${detail}.`);
}

/** DdlException of CREATE, ALTER, DROP on the leader: raw text, no code of its own (§15). */
export const ddlError = (message: string): SqlError => new SqlError(message);

/** The same of BACKUP and RESTORE, raised through ERR_COMMON_ERROR (§1.4 phase C). */
export function commonError(message: string): SqlError {
  return new SqlError(message, 5064, "42000");
}

export function unsupported(what: string): SqlError {
  return new SqlError(`${what} is not supported by the embedded StarRocks`);
}

export const unknownDatabase = (name: string): SqlError =>
  analysisError(`Unknown database '${name}'`, 5501, "3F000");

export const unknownTable = (name: string): SqlError =>
  analysisError(`Unknown table '${name}'`, 5502, "42602");

/** Of ALTER, INSERT, DELETE, UPDATE, TRUNCATE and SHOW; {@link unknownTable} is what SELECT, DROP and DESC say (§15). */
export const tableNotFound = (name: string): SqlError => analysisError(`Table ${name} is not found`);

export const noDatabase = (): SqlError => analysisError("No database selected", 1046, "3D000");

/** Raised by the analyzer through ERR_COMMON_ERROR: wrapped text, code 5064 (§1.4 phase A). */
export const commonErrorAnalyzed = (text: string): SqlError => analysisError(text, 5064, "42000");
