import { name, properties, qualified } from "../quote.ts";
import { selection, type TableSelection } from "./backup.ts";

/** A table of a snapshot, restored under another name. */
export interface RestoredTable extends TableSelection {
  /** Must not exist: RESTORE cannot write into an existing table under another name. */
  readonly alias: string;
}

export interface RestoreRequest {
  /** Target database; must exist. The snapshot may be of another one. */
  readonly database: string;
  readonly label: string;
  readonly repository: string;
  /** As SHOW SNAPSHOT prints it, milliseconds included. */
  readonly snapshotTimestamp: string;
  readonly tables: readonly RestoredTable[];
  /** Never left out: StarRocks' default is 3, not what the source table had. */
  readonly replicationNum: number;
  readonly timeoutSeconds: number;
}

/** `RESTORE SNAPSHOT db.label …`: the form that every version accepts. */
export function restoreStatement(request: RestoreRequest): string {
  const tables = request.tables.map((table) => `${selection(table)} AS ${name(table.alias)}`);
  return [
    `RESTORE SNAPSHOT ${qualified(request.database, request.label)} FROM ${name(request.repository)}`,
    `ON (${tables.join(", ")})`,
    properties({
      backup_timestamp: request.snapshotTimestamp,
      replication_num: String(request.replicationNum),
      timeout: String(request.timeoutSeconds),
    }),
  ].join(" ");
}

/** Shows the one job that StarRocks remembers for a database, if that is a restore. */
export function showRestoreStatement(database: string): string {
  return `SHOW RESTORE FROM ${name(database)}`;
}
