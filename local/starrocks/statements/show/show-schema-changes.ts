import { timeText } from "../../basics/clock.ts";
import { unsupported } from "../../basics/errors.ts";
import { listing, type Result } from "../../basics/result.ts";
import { type Context, requireDatabase } from "../../engine/context.ts";
import { showZone } from "../../engine/show-zone.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { keptJobs } from "../ddl/schema-changes.ts";

const columns = [
  "JobId",
  "TableName",
  "CreateTime",
  "FinishTime",
  "IndexName",
  "IndexId",
  "OriginIndexId",
  "SchemaVersion",
  "TransactionId",
  "State",
  "Msg",
  "Progress",
  "Timeout",
] as const;

/** After `SHOW ALTER TABLE COLUMN`; nothing asks for a privilege. Indexes have no ids of their own here. */
export async function showSchemaChanges(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.accept("FROM") || tokens.accept("IN") ? tokens.qualifiedName().at(-1) : undefined;
  for (const clause of ["WHERE", "ORDER", "LIMIT"])
    if (tokens.isWord(clause)) throw unsupported(`SHOW ALTER TABLE COLUMN … ${clause}`);
  tokens.expectEnd();
  const { cluster, session } = context;
  const zone = showZone(cluster, session.zone);
  const jobs = keptJobs(cluster, requireDatabase(context, name));
  return listing(
    columns,
    jobs.map(({ jobId, tableId, tableName, schemaVersion, txnId, finishedAt }) => {
      const finished = timeText(finishedAt, zone);
      return {
        JobId: String(jobId),
        TableName: tableName,
        CreateTime: finished,
        FinishTime: finished,
        IndexName: tableName,
        IndexId: String(tableId),
        OriginIndexId: String(tableId),
        SchemaVersion: `${schemaVersion}:0`,
        TransactionId: String(txnId),
        State: "FINISHED",
        Msg: "",
        Progress: "\\N",
        Timeout: "1",
      };
    }),
  );
}
