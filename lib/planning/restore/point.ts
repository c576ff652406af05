import type { BackupRecord } from "../../catalog/history.ts";
import { BackupError } from "../../errors.ts";
import { isRestorePoint } from "../backup/baseline.ts";
import { tableKey } from "../live-table.ts";
import type { Skipped } from "../skipped.ts";

/** What a restore aims at. */
export interface RestoreTarget {
  /** A label, or the latest instant (UTC, `yyyy-MM-dd HH:mm:ss`) the restored state may have. */
  readonly at:
    | { readonly kind: "label"; readonly label: string }
    | { readonly kind: "time"; readonly time: string };
  /** `database.table`; empty: every table of the restore point. */
  readonly tables: readonly string[];
  readonly group: string | undefined;
  /** Where the snapshots are to be read from, as it is named on this cluster. */
  readonly repository: string | undefined;
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
 * @throws {BackupError} `UNKNOWN_LABEL`, `LABEL_OF_OTHER_GROUP`, `UNKNOWN_GROUP`, `NO_RESTORE_POINT`, `GROUP_NEEDED`
 */
export function candidateBackups(
  finished: readonly BackupRecord[],
  target: RestoreTarget,
): readonly BackupRecord[] {
  const points = finished.filter(isRestorePoint);
  // A label alone means what it is the label of: one database. The group, or a table, means its run.
  const isNarrow = target.group === undefined && target.tables.length === 0;
  if (target.at.kind === "label") return runOfLabel(points, target.at.label, target.group, isNarrow);
  const { time } = target.at;
  const inGroup = ofGroup(points, target.group);
  const early = earlyBackups(inGroup, target.repository, time);
  if (early.length === 0) throw tooEarly(time, inGroup);
  if (target.tables.length > 0) return early;
  const groups = [...new Set(early.map((record) => record.group))];
  if (groups.length > 1) throw groupNeeded(groups);
  const newest = early.at(-1)?.runId;
  return early.filter((record) => record.runId === newest);
}

/** What a whole run is restored from where it has not finished whole. */
export interface CompletedRun {
  readonly candidates: readonly BackupRecord[];
  readonly skipped: readonly Skipped[];
}

/**
 * Completes a run for a restore of everything in it. A database whose snapshot failed had a state at a wanted time all
 * the same, that of its restore point before; a label means the run alone. What the run left out is named.
 *
 * @param candidates what {@link candidateBackups} chose
 * @param ofRun every attempt of that run, however it ended
 */
export function completeRun(
  candidates: readonly BackupRecord[],
  ofRun: readonly BackupRecord[],
  finished: readonly BackupRecord[],
  target: RestoreTarget,
): CompletedRun {
  const done = new Set(candidates.map((record) => record.database));
  const failed = new Map(
    ofRun.filter((each) => !done.has(each.database)).map((each) => [each.database, each]),
  );
  const before = [...failed.values()].map((record) => ({
    record,
    instead:
      target.at.kind === "time"
        ? pointBefore(record, finished, target.repository, target.at.time)
        : undefined,
  }));
  return {
    candidates: [...candidates, ...before.flatMap(({ instead }) => instead ?? [])],
    skipped: [
      ...before.flatMap(({ record, instead }) => (instead === undefined ? [notBackedUp(record)] : [])),
      ...ofRun.filter((each) => each.status === "FINISHED").flatMap(leftOut),
    ],
  };
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

function ofGroup(points: readonly BackupRecord[], group: string | undefined): readonly BackupRecord[] {
  if (group === undefined) return points;
  const inGroup = points.filter((record) => record.group === group);
  if (inGroup.length > 0 || points.length === 0) return inGroup;
  const groups = [...new Set(points.map((record) => record.group))];
  throw new BackupError({
    code: "UNKNOWN_GROUP",
    message: `There is no finished backup of group ${group}.`,
    next: `Groups with backups: ${groups.join(", ")}.`,
  });
}

/** A repository by whose name nothing was backed up is another cluster's, or has been made anew: it may hold any of them. */
function earlyBackups(
  points: readonly BackupRecord[],
  repository: string | undefined,
  time: string,
): readonly BackupRecord[] {
  const isKnown = points.some((record) => record.repository === repository);
  return points.filter(
    (record) =>
      (!isKnown || record.repository === repository) && record.cutTo !== undefined && record.cutTo <= time,
  );
}

function pointBefore(
  failed: BackupRecord,
  finished: readonly BackupRecord[],
  repository: string | undefined,
  time: string,
): BackupRecord | undefined {
  const points = finished.filter((each) => isRestorePoint(each) && each.group === failed.group);
  return earlyBackups(points, repository, time)
    .filter((each) => each.database === failed.database)
    .at(-1);
}

function notBackedUp({ database, label, status }: BackupRecord): Skipped {
  return {
    object: `${database}.*`,
    reason: `its backup ${label} is ${status}, and there is no restore point of it before`,
  };
}

function leftOut({ label, leftOut: objects }: BackupRecord): readonly Skipped[] {
  return objects.map(({ object, reason }) => ({
    object,
    reason: `left out of ${label}: ${reason}; name the table and a time to get an older state`,
  }));
}

function runOfLabel(
  points: readonly BackupRecord[],
  label: string,
  group: string | undefined,
  isNarrow: boolean,
): readonly BackupRecord[] {
  const named = points.find((record) => record.label === label);
  if (named !== undefined && group !== undefined && named.group !== group) {
    throw new BackupError({
      code: "LABEL_OF_OTHER_GROUP",
      message: `${label} is a backup of group ${named.group}, not of ${group}.`,
      next: "Leave the group out, or choose a backup of that group.",
    });
  }
  if (named !== undefined) {
    const ofRun = points.filter((record) => record.runId === named.runId);
    return isNarrow ? ofRun.filter((record) => record.database === named.database) : ofRun;
  }
  const whole = partOf(label);
  if (whole !== undefined) {
    throw new BackupError({
      code: "UNKNOWN_LABEL",
      message: `${label} is a part of the backup ${whole}, which is restored as one.`,
      next: `Give ${whole}, if that has finished.`,
    });
  }
  const newest = ofGroup(points, group)
    .slice(-3)
    .map((record) => record.label);
  throw new BackupError({
    code: "UNKNOWN_LABEL",
    message: `There is no finished backup ${label}.`,
    next: newest.length === 0 ? "Run a backup first." : `The newest backups are ${newest.join(", ")}.`,
  });
}

/** The label of the backup that a part's label is made from. */
function partOf(label: string): string | undefined {
  return /^(.+)_part\d+(_try\d+)?$/.exec(label)?.[1];
}

function tooEarly(time: string, finished: readonly BackupRecord[]): BackupError {
  const first = finished.find((record) => record.cutTo !== undefined);
  return new BackupError({
    code: "NO_RESTORE_POINT",
    message: `There is no restore point at or before ${time} UTC.`,
    next:
      first === undefined
        ? "Run a backup first."
        : `The first restore point is ${first.cutTo} UTC (${first.label}): give that time or a later one.`,
  });
}

function groupNeeded(groups: readonly string[]): BackupError {
  return new BackupError({
    code: "GROUP_NEEDED",
    message: "Several groups have restore points, and no table is named.",
    next: `Name tables, or one of the groups ${groups.join(", ")}.`,
  });
}

function notInPoint(missing: readonly string[], present: readonly string[]): BackupError {
  const known = [...present].sort().slice(0, 10).join(", ");
  return new BackupError({
    code: "TABLE_NOT_IN_RESTORE_POINT",
    message: `Not in the restore point: ${missing.join(", ")}.`,
    next: known === "" ? "Choose another label or a later time." : `The restore point has ${known}.`,
  });
}
