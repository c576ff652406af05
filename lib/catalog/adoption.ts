import { literal } from "../starrocks/quote.ts";
import type { Catalog } from "./catalog.ts";
import type { BackupRecord } from "./history.ts";
import { matching, notNull } from "./sql/condition.ts";
import { select } from "./sql/read.ts";
import { column } from "./sql/table.ts";
import { updateStatement } from "./sql/write.ts";
import { backupHistory } from "./tables/backup-history.ts";

/** A finished backup in the history that another tool has made: starrocks-br records no run, group, database or baseline. */
export type ForeignBackup = Pick<BackupRecord, "label" | "type" | "repository"> & {
  readonly finishedAt: string;
};

/** Oldest first. */
export async function readForeignBackups(catalog: Catalog): Promise<readonly ForeignBackup[]> {
  const rows = await select(
    catalog,
    {
      from: backupHistory,
      fields: ["label", "type", "repository", "finishedAt"],
      where: matching(backupHistory, { status: "FINISHED", runId: null }),
      orderBy: ["finishedAt", "label"],
    },
    "look for backups of starrocks-br",
  );
  return rows.map((row) => ({ ...row, finishedAt: row.finishedAt ?? "" }));
}

/** The newest finished full of a database before an instant: what starrocks-br pairs an incremental with. */
export async function newestFullBefore(
  catalog: Catalog,
  database: string,
  instant: string,
): Promise<string | undefined> {
  const fulls = matching(backupHistory, { status: "FINISHED", type: "full", runId: notNull, database });
  const rows = await select(
    catalog,
    {
      from: backupHistory,
      fields: ["label"],
      where: `${fulls} AND ${column(backupHistory, "finishedAt")} <= ${literal(instant)}`,
      orderBy: ["finishedAt", "label"],
    },
    `look for the full before ${instant}`,
  );
  return rows.at(-1)?.label;
}

/** Makes a foreign row one of ours. It gets no group: nothing may be compared with a backup without fingerprints. */
export async function adoptBackup(
  catalog: Catalog,
  backup: ForeignBackup,
  facts: Pick<BackupRecord, "runId" | "database" | "baseline" | "tables" | "partitions"> & {
    readonly snapshotTimestamp: string;
  },
): Promise<void> {
  const { runId, database, baseline, snapshotTimestamp, tables, partitions } = facts;
  const change = {
    ...{ runId, group: "", database, baseline, snapshotTimestamp },
    cutTo: backup.finishedAt,
    ...{ tables, partitions },
  };
  await catalog.session.execute(
    updateStatement(catalog, backupHistory, change, { label: backup.label }),
    `take over the backup ${backup.label}`,
  );
}
