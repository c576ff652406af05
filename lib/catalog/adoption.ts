import { literal } from "../starrocks/quote.ts";
import { text } from "../starrocks/row.ts";
import { at, type Catalog } from "./catalog.ts";
import type { BackupType } from "./history.ts";
import { updateStatement } from "./insert.ts";

/** A finished backup in the history that another tool has made: starrocks-br records no run, group, database or baseline. */
export interface ForeignBackup {
  readonly label: string;
  readonly type: BackupType;
  readonly repository: string;
  readonly finishedAt: string;
}

/** Oldest first. */
export async function readForeignBackups(catalog: Catalog): Promise<readonly ForeignBackup[]> {
  const rows = await catalog.session.query(
    `SELECT label, backup_type, repository, finished_at FROM ${at(catalog, "backup_history")}
     WHERE status = 'FINISHED' AND run_id IS NULL ORDER BY finished_at, label`,
    "look for backups of starrocks-br",
  );
  return rows.map((row) => ({
    label: text(row, "label"),
    type: text(row, "backup_type") === "full" ? "full" : "incremental",
    repository: text(row, "repository"),
    finishedAt: text(row, "finished_at"),
  }));
}

/** The newest finished full of a database before an instant: what starrocks-br pairs an incremental with. */
export async function newestFullBefore(
  catalog: Catalog,
  database: string,
  instant: string,
): Promise<string | undefined> {
  const rows = await catalog.session.query(
    `SELECT label FROM ${at(catalog, "backup_history")}
     WHERE status = 'FINISHED' AND backup_type = 'full' AND run_id IS NOT NULL
       AND database_name = ${literal(database)} AND finished_at <= ${literal(instant)}
     ORDER BY finished_at DESC, label DESC LIMIT 1`,
    `look for the full before ${instant}`,
  );
  return rows[0] === undefined ? undefined : text(rows[0], "label");
}

/** Makes a foreign row one of ours. It gets no group: nothing may be compared with a backup without fingerprints. */
export async function adoptBackup(
  catalog: Catalog,
  backup: ForeignBackup,
  facts: {
    readonly runId: string;
    readonly database: string;
    readonly baseline: string | undefined;
    readonly snapshotTimestamp: string;
    readonly tables: number;
    readonly partitions: number;
  },
): Promise<void> {
  const change = {
    run_id: facts.runId,
    inventory_group: "",
    database_name: facts.database,
    baseline_label: facts.baseline ?? null,
    snapshot_timestamp: facts.snapshotTimestamp,
    cut_to: backup.finishedAt,
    table_count: facts.tables,
    partition_count: facts.partitions,
  };
  await catalog.session.execute(
    updateStatement(catalog, "backup_history", change, { column: "label", value: backup.label }),
    `take over the backup ${backup.label}`,
  );
}
