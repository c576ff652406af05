import { timeText } from "../../basics/clock.ts";
import { unsupported } from "../../basics/errors.ts";
import { type Result, textRows } from "../../basics/result.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { type Context, requireDatabase } from "../../engine/context.ts";
import { configValue } from "../../engine/frontend-config.ts";
import { showZone } from "../../engine/show-zone.ts";
import type { Database, SchemaChange, Table } from "../../metadata/model.ts";
import type { Tokens } from "../../sql/tokens.ts";

/** Jobs the FE has not forgotten yet. */
function keptJobs(cluster: Cluster, { schemaChanges }: Database): SchemaChange[] {
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

const columns = [
  ...[
    "JobId",
    "TableName",
    "CreateTime",
    "FinishTime",
    "IndexName",
    "IndexId",
    "OriginIndexId",
    "SchemaVersion",
  ],
  ...["TransactionId", "State", "Msg", "Progress", "Timeout"],
];

/** After `SHOW ALTER TABLE COLUMN`; nothing asks for a privilege. Indexes have no ids of their own here. */
export async function showSchemaChanges(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.accept("FROM") || tokens.accept("IN") ? tokens.qualifiedName().at(-1) : undefined;
  for (const clause of ["WHERE", "ORDER", "LIMIT"])
    if (tokens.isWord(clause)) throw unsupported(`SHOW ALTER TABLE COLUMN … ${clause}`);
  tokens.expectEnd();
  const { cluster, session } = context;
  const zone = showZone(cluster, session.zone);
  const jobs = keptJobs(cluster, requireDatabase(context, name));
  return textRows(
    columns,
    jobs.map(({ jobId, tableId, tableName, schemaVersion, txnId, finishedAt }) => {
      const finished = timeText(finishedAt, zone);
      const index = [tableName, String(tableId), String(tableId), `${schemaVersion}:0`];
      return [
        String(jobId),
        tableName,
        finished,
        finished,
        ...index,
        String(txnId),
        "FINISHED",
        "",
        "\\N",
        "1",
      ];
    }),
  );
}
