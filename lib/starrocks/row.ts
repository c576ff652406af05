import { BackupError } from "../errors.ts";
import type { Row } from "./session.ts";

/** Text of a column, or undefined for SQL NULL. @throws {BackupError} when the result has no such column. */
export function optionalText(row: Row, column: string): string | undefined {
  const value = row[column];
  if (value === undefined) throw missing(column);
  return value === null ? undefined : String(value);
}

/** Text of a column; SQL NULL counts as empty. */
export function text(row: Row, column: string): string {
  return optionalText(row, column) ?? "";
}

/** A number below 2^53 (counts, sizes, seconds); SQL NULL counts as 0. Ids and epochs are read as text. */
export function count(row: Row, column: string): number {
  const value = Number(text(row, column) || 0);
  if (Number.isNaN(value)) throw unreadable(column);
  return value;
}

/** A flag, however the version prints it (1/0, true/false). */
export function flag(row: Row, column: string): boolean {
  return ["1", "true"].includes(text(row, column).toLowerCase());
}

function missing(column: string): BackupError {
  return new BackupError({
    code: "UNEXPECTED_RESULT",
    message: `StarRocks' answer has no column ${column}.`,
    next: "Report this with the StarRocks version: its columns are not known here.",
  });
}

function unreadable(column: string): BackupError {
  return new BackupError({
    code: "UNEXPECTED_RESULT",
    message: `StarRocks' answer has no number in column ${column}.`,
    next: "Report this with the StarRocks version: its columns are not known here.",
  });
}
