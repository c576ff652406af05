import { text } from "../row.ts";
import type { Session } from "../session.ts";
import { showSnapshotStatement, showSnapshotsStatement } from "../statements/backup.ts";

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

/** Labels among the given ones whose snapshots are complete in the repository; one statement. */
export async function readCompleteSnapshots(
  session: Session,
  repository: string,
  labels: readonly string[],
): Promise<ReadonlySet<string>> {
  if (labels.length === 0) return new Set();
  const rows = await session.query(
    showSnapshotsStatement(repository, labels),
    `look for snapshots in repository ${repository}`,
  );
  return new Set(rows.filter((row) => text(row, "Status") === "OK").map((row) => text(row, "Snapshot")));
}
