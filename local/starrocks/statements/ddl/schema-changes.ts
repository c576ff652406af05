import type { Cluster } from "../../engine/cluster.ts";
import type { Context } from "../../engine/context.ts";
import { configValue } from "../../engine/frontend-config.ts";
import type { Database, SchemaChange, Table } from "../../metadata/model.ts";

/** Jobs the FE has not forgotten yet. */
export function keptJobs(cluster: Cluster, { schemaChanges }: Database): SchemaChange[] {
  const keptMs = Number(configValue(cluster, "history_job_keep_max_second")) * 1000;
  return schemaChanges.filter((job) => cluster.now() - job.finishedAt <= keptMs);
}

/**
 * A fast schema change (§9.5) only writes metadata; FE `SchemaChangeHandler.modifyTableAddOrDrop` leaves a finished job
 * behind all the same, one a statement.
 */
export function recordSchemaChange({ cluster }: Context, database: Database, table: Table): void {
  const earlier = keptJobs(cluster, database);
  const versions = earlier.filter((job) => job.tableId === table.id).map((job) => job.schemaVersion);
  const job: SchemaChange = {
    jobId: cluster.catalog.newId(),
    tableId: table.id,
    tableName: table.name,
    txnId: cluster.newTxnId(),
    schemaVersion: Math.max(0, ...versions) + 1,
    finishedAt: cluster.now(),
  };
  cluster.catalog.touch("database", database.id);
  database.schemaChanges = [...earlier, job];
}
