import { randomBytes } from "node:crypto";

/** A fresh run id; its last eight characters mark the names of a restore's tables. */
export function newRunId(operation: "backup" | "restore"): string {
  return `${operation}_${randomBytes(4).toString("hex")}`;
}

/** The part of a run id that goes into table names. */
export function runMark(runId: string): string {
  return runId.slice(-8);
}
