import { literal, literals, name, properties, qualified } from "../quote.ts";

/** A table in an ON list: whole, or some of its partitions. */
export interface TableSelection {
  readonly table: string;
  /** Undefined: the whole table, without a PARTITION clause, which also takes `$shadow_automatic_partition`. */
  readonly partitions: readonly string[] | undefined;
}

export interface BackupRequest {
  readonly database: string;
  readonly label: string;
  readonly repository: string;
  readonly tables: readonly TableSelection[];
  readonly timeoutSeconds: number;
}

/** `BACKUP SNAPSHOT db.label …`: the form that every version accepts (the DATABASE form exists since 3.4). */
export function backupStatement(request: BackupRequest): string {
  return [
    `BACKUP SNAPSHOT ${qualified(request.database, request.label)} TO ${name(request.repository)}`,
    `ON (${request.tables.map(selection).join(", ")})`,
    properties({ timeout: String(request.timeoutSeconds) }),
  ].join(" ");
}

/** Shows the one job that StarRocks remembers for a database, if that is a backup. */
export function showBackupStatement(database: string): string {
  return `SHOW BACKUP FROM ${name(database)}`;
}

/** Snapshots by name; without the filter StarRocks lists the whole repository. */
export function showSnapshotStatement(repository: string, label: string): string {
  return `SHOW SNAPSHOT ON ${name(repository)} WHERE SNAPSHOT = ${literal(label)}`;
}

/** One snapshot with what is in it, by name; StarRocks downloads its list of contents for the answer. */
export function showSnapshotContentStatement(repository: string, label: string, timestamp: string): string {
  return `${showSnapshotStatement(repository, label)} AND TIMESTAMP = ${literal(timestamp)}`;
}

/** Several snapshots at once (since 3.2); StarRocks lists each one's folder. */
export function showSnapshotsStatement(repository: string, labels: readonly string[]): string {
  return `SHOW SNAPSHOT ON ${name(repository)} WHERE SNAPSHOT IN ${literals(labels)}`;
}

/** `` `t` `` or `` `t` PARTITION (`p1`, `p2`) ``. */
export function selection(selected: TableSelection): string {
  if (selected.partitions === undefined) return name(selected.table);
  return `${name(selected.table)} PARTITION (${selected.partitions.map(name).join(", ")})`;
}
