import { name } from "../quote.ts";

/** FROM is needed: without it the statement is a syntax error even when the session has a database. */
export function cancelStatement(kind: "BACKUP" | "RESTORE", database: string): string {
  return `CANCEL ${kind} FROM ${name(database)}`;
}
