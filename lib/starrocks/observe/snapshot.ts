import { text } from "../row.ts";
import type { Session } from "../session.ts";
import {
  showSnapshotContentStatement,
  showSnapshotStatement,
  showSnapshotsStatement,
} from "../statements/backup.ts";

/** What a repository holds under a label. */
export type SnapshotInRepository =
  | { readonly kind: "complete"; readonly timestamp: string }
  /** Unknown name or burnt label: StarRocks answers both with one row, `ERROR: no snapshot`. */
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly status: string };

/**
 * Looks a snapshot up in the repository itself.
 *
 * @param label of the snapshot
 * @returns `complete` with the timestamp that RESTORE wants as `backup_timestamp`
 */
export async function readSnapshot(
  session: Session,
  repository: string,
  label: string,
): Promise<SnapshotInRepository> {
  const rows = await session.query(
    showSnapshotStatement(repository, label),
    `look for snapshot ${label} in repository ${repository}`,
  );
  const row = rows.find((candidate) => text(candidate, "Snapshot") === label);
  const status = row === undefined ? "ERROR: no snapshot" : text(row, "Status");
  if (row !== undefined && status === "OK") return { kind: "complete", timestamp: text(row, "Timestamp") };
  if (status === "ERROR: no snapshot") return { kind: "none" };
  return { kind: "unreadable", status };
}

/** Labels among the given ones whose snapshots are complete in the repository, each with its timestamps; one statement. */
export async function readCompleteSnapshots(
  session: Session,
  repository: string,
  labels: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (labels.length === 0) return new Map();
  const rows = await session.query(
    showSnapshotsStatement(repository, labels),
    `look for snapshots in repository ${repository}`,
  );
  const complete = rows.filter((row) => text(row, "Status") === "OK");
  return new Map(complete.map((row) => [text(row, "Snapshot"), text(row, "Timestamp")]));
}

/** Partition names by table, hidden partitions included. */
export type SnapshotContent = ReadonlyMap<string, ReadonlySet<string>>;

/** What a repository says of one snapshot. */
export interface StoredSnapshot {
  readonly database: string;
  readonly content: SnapshotContent;
}

/**
 * Reads which tables and partitions a snapshot holds, and of which database.
 *
 * @returns undefined when StarRocks could not read the snapshot's list of contents right now
 */
export async function readStoredSnapshot(
  session: Session,
  repository: string,
  label: string,
  timestamp: string,
): Promise<StoredSnapshot | undefined> {
  const [row] = await session.query(
    showSnapshotContentStatement(repository, label, timestamp),
    `read what snapshot ${label} holds`,
  );
  if (row === undefined || text(row, "Status") !== "OK") return undefined;
  return { database: text(row, "Database"), content: snapshotContent(text(row, "Details")) };
}

/** @param details JSON: `backup_objects` by table, each with `partitions` by name */
export function snapshotContent(details: string): SnapshotContent {
  const tables = members(members(JSON.parse(details))["backup_objects"]);
  return new Map(
    Object.entries(tables).map(([table, object]) => [
      table,
      new Set(Object.keys(members(members(object)["partitions"]))),
    ]),
  );
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
