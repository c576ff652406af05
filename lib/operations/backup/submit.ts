import type { Catalog } from "../../catalog/catalog.ts";
import { type BackupRecord, updateBackup } from "../../catalog/history.ts";
import {
  deleteManifest,
  type ManifestTable,
  readManifestPartitions,
  readManifestTables,
} from "../../catalog/manifest.ts";
import { tableKey } from "../../planning/live-table.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readBackupJob } from "../../starrocks/observe/jobs.ts";
import { readSnapshot } from "../../starrocks/observe/snapshot.ts";
import { backupStatement, type TableSelection } from "../../starrocks/statements/backup.ts";

/** StarRocks cancels a job after its timeout; the server's default of a day cuts the longest backups off. */
const timeoutSeconds = 7 * 24 * 3600;

/**
 * Sends the BACKUP statement of a planned snapshot. The row says SUBMITTED before the statement leaves, so that a step
 * that dies in between is continued by looking for the job, never by assuming.
 *
 * @returns false when StarRocks is busy: nothing was submitted, try again.
 */
export async function submitBackup(catalog: Catalog, record: BackupRecord): Promise<boolean> {
  const { label, database, repository } = record;
  const tables = await selections(catalog, record);
  if (record.status === "PLANNED") await updateBackup(catalog, label, { status: "SUBMITTED" });
  try {
    await catalog.session.execute(
      backupStatement({ database, label, repository, tables, timeoutSeconds }),
      `submit backup ${label}`,
    );
    return true;
  } catch (error) {
    if (!(error instanceof StarRocksFault)) throw error;
    switch (error.kind) {
      case "submit-lock-busy":
      case "job-running":
        return false;
      case "connection":
        // Whether the statement got through is looked up by the next decision, in the next step.
        throw error;
      case "label-taken":
        if (await isOurs(catalog, record)) return true;
        break;
      default:
    }
    await deleteManifest(catalog, label);
    await updateBackup(catalog, label, { status: "FAILED", error: error.message });
    return true;
  }
}

/**
 * Whether the snapshot that stands in the way is this record's own: made by a submission whose answer got lost, or by
 * another execution of this step. A label that was never sent from here belongs to somebody else, and one without a
 * readable snapshot is burnt.
 */
async function isOurs(catalog: Catalog, record: BackupRecord): Promise<boolean> {
  const job = await readBackupJob(catalog.session, record.database);
  if (job?.label === record.label) return true;
  if (record.status === "PLANNED") return false;
  return (await readSnapshot(catalog.session, record.repository, record.label)).kind === "complete";
}

async function selections(catalog: Catalog, record: BackupRecord): Promise<readonly TableSelection[]> {
  const tables = (await readManifestTables(catalog, [record.label])).filter(
    (table) => table.content !== "unchanged",
  );
  const partitions = await readManifestPartitions(catalog, [record.label]);
  return tables.flatMap((table) => {
    const held = partitions.filter((each) => tableKey(each) === tableKey(table) && each.presence === "held");
    return [
      { table: table.table, partitions: named(table) ? held.map((each) => each.partition) : undefined },
    ];
  });
}

/** An unpartitioned table's one partition is named like the table, and renamed with it: it goes without a list. */
function named(table: ManifestTable): boolean {
  return table.content === "partitions" && table.partitionKind !== "none";
}
