import type { BackupRecord } from "../../catalog/history.ts";
import { BackupError } from "../../errors.ts";
import { isRestorePoint } from "../backup/baseline.ts";
import { tableKey } from "../live-table.ts";

/** What a restore aims at. */
export interface RestoreTarget {
  /** A label, or the latest instant (UTC, `yyyy-MM-dd HH:mm:ss`) the restored state may have. */
  readonly at:
    | { readonly kind: "label"; readonly label: string }
    | { readonly kind: "time"; readonly time: string };
  /** `database.table`; empty: every table of the restore point. */
  readonly tables: readonly string[];
  readonly group: string | undefined;
}

/** A table and the backup whose state it gets. */
export interface TablePoint {
  readonly database: string;
  readonly table: string;
  readonly label: string;
}

/** A table as some manifest names it. */
export interface TableInManifest {
  readonly label: string;
  readonly database: string;
  readonly table: string;
}

/**
 * The backups that may be restored for a target, newest last: the run of a label, or the finished backups whose cut is
 * not after the time.
 *
 * @param finished oldest cut first
 * @throws {BackupError} `UNKNOWN_LABEL`, `NO_RESTORE_POINT`, `GROUP_NEEDED`
 */
export function candidateBackups(
  finished: readonly BackupRecord[],
  target: RestoreTarget,
): readonly BackupRecord[] {
  const inGroup = finished.filter(
    (record) => isRestorePoint(record) && (target.group === undefined || record.group === target.group),
  );
  if (target.at.kind === "label") return runOfLabel(inGroup, target.at.label);
  const { time } = target.at;
  const early = inGroup.filter((record) => record.cutTo !== undefined && record.cutTo <= time);
  if (early.length === 0) throw tooEarly(time, inGroup);
  if (target.tables.length > 0) return early;
  const groups = [...new Set(early.map((record) => record.group))];
  if (groups.length > 1) throw groupNeeded(groups);
  const newest = early.at(-1)?.runId;
  return early.filter((record) => record.runId === newest);
}

/**
 * Which backup each wanted table is restored to: the newest candidate that has it.
 *
 * @param candidates oldest first
 * @throws {BackupError} `TABLE_NOT_IN_RESTORE_POINT`, naming the table
 */
export function tablePoints(
  candidates: readonly BackupRecord[],
  manifests: readonly TableInManifest[],
  tables: readonly string[],
): readonly TablePoint[] {
  const order = new Map(candidates.map((record, index) => [record.label, index]));
  const newest = new Map<string, TablePoint>();
  for (const entry of manifests) {
    const index = order.get(entry.label);
    if (index === undefined) continue;
    const known = newest.get(tableKey(entry));
    if (known === undefined || index > (order.get(known.label) ?? -1)) {
      newest.set(tableKey(entry), { database: entry.database, table: entry.table, label: entry.label });
    }
  }
  const missing = tables.filter((table) => !newest.has(table));
  if (missing.length > 0) throw notInPoint(missing, [...newest.keys()]);
  const wanted = tables.length === 0 ? [...newest.keys()].sort() : tables;
  return wanted.flatMap((table) => newest.get(table) ?? []);
}

function runOfLabel(finished: readonly BackupRecord[], label: string): readonly BackupRecord[] {
  const named = finished.find((record) => record.label === label);
  if (named !== undefined) return finished.filter((record) => record.runId === named.runId);
  const newest = finished.slice(-3).map((record) => record.label);
  throw new BackupError(
    "UNKNOWN_LABEL",
    `There is no finished backup ${label}.`,
    newest.length === 0 ? "Run a backup first." : `The newest backups are ${newest.join(", ")}.`,
  );
}

function tooEarly(time: string, finished: readonly BackupRecord[]): BackupError {
  const first = finished.find((record) => record.cutTo !== undefined);
  return new BackupError(
    "NO_RESTORE_POINT",
    `There is no restore point at or before ${time} UTC.`,
    first === undefined
      ? "Run a backup first."
      : `The first restore point is ${first.cutTo} UTC (${first.label}): give that time or a later one.`,
  );
}

function groupNeeded(groups: readonly string[]): BackupError {
  return new BackupError(
    "GROUP_NEEDED",
    "Several groups have restore points, and no table is named.",
    `Name tables, or one of the groups ${groups.join(", ")}.`,
  );
}

function notInPoint(missing: readonly string[], present: readonly string[]): BackupError {
  const known = [...present].sort().slice(0, 10).join(", ");
  return new BackupError(
    "TABLE_NOT_IN_RESTORE_POINT",
    `Not in the restore point: ${missing.join(", ")}.`,
    known === "" ? "Choose another label or a later time." : `The restore point has ${known}.`,
  );
}
