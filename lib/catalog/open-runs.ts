import { literal, literals } from "../starrocks/quote.ts";
import { count, optionalText, text } from "../starrocks/row.ts";
import { at, type Catalog } from "./catalog.ts";
import type { Operation, RunState } from "./runs.ts";

/** A run that is not over, without its plan. */
export interface OpenRun {
  readonly runId: string;
  readonly operation: Operation;
  readonly state: Extract<RunState, "PLANNED" | "RUNNING">;
  readonly group: string | undefined;
  readonly databases: readonly string[];
  /** The job of Windmill that carries it on. */
  readonly jobId: string | undefined;
  /** Since its plan was recorded. */
  readonly ageSeconds: number;
  /** Since its last sign of life. */
  readonly silentSeconds: number;
  readonly waitingFor: string | undefined;
}

/** What narrows a list of open runs. */
export type OpenRunFilter =
  | { readonly kind: "all" }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "job"; readonly jobId: string };

/** Runs that are not over, oldest first: two statements, however many there are. */
export async function readOpenRuns(catalog: Catalog, filter: OpenRunFilter): Promise<readonly OpenRun[]> {
  const rows = await catalog.session.query(
    `SELECT run_id, operation, state, inventory_group, job_id, waiting_for,
            unix_timestamp(now()) - unix_timestamp(created_at) AS age_seconds,
            unix_timestamp(now()) - unix_timestamp(coalesce(heartbeat_at, created_at)) AS silent_seconds
     FROM ${at(catalog, "runs")} WHERE state IN ('PLANNED', 'RUNNING')${narrowing(filter)}
     ORDER BY created_at, run_id`,
    "list the open runs",
  );
  const databases = await readDatabases(
    catalog,
    rows.map((row) => text(row, "run_id")),
  );
  return rows.map((row) => ({
    runId: text(row, "run_id"),
    operation: text(row, "operation") as Operation,
    state: text(row, "state") as OpenRun["state"],
    group: optionalText(row, "inventory_group"),
    databases: databases.get(text(row, "run_id")) ?? [],
    jobId: optionalText(row, "job_id"),
    ageSeconds: count(row, "age_seconds"),
    silentSeconds: count(row, "silent_seconds"),
    waitingFor: optionalText(row, "waiting_for") || undefined,
  }));
}

function narrowing(filter: OpenRunFilter): string {
  switch (filter.kind) {
    case "all":
      return "";
    case "group":
      return ` AND inventory_group = ${literal(filter.group)}`;
    case "job":
      return ` AND job_id = ${literal(filter.jobId)}`;
  }
}

async function readDatabases(
  catalog: Catalog,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (runIds.length === 0) return new Map();
  const rows = await catalog.session.query(
    `SELECT run_id, database_name FROM ${at(catalog, "backup_history")} WHERE run_id IN ${literals(runIds)}
     UNION SELECT run_id, database_name FROM ${at(catalog, "restore_history")} WHERE run_id IN ${literals(runIds)}`,
    "read the databases of the open runs",
  );
  const byRun = new Map<string, readonly string[]>();
  for (const row of rows) {
    const runId = text(row, "run_id");
    byRun.set(runId, [...(byRun.get(runId) ?? []), text(row, "database_name")].sort());
  }
  return byRun;
}
