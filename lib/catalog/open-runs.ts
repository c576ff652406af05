import type { Catalog } from "./catalog.ts";
import { isOpen, type OpenState, openStates } from "./runs.ts";
import { matching, secondsSince } from "./sql/condition.ts";
import { decoder, select, selectStatement } from "./sql/read.ts";
import { column, type RowOf } from "./sql/table.ts";
import { backupHistory } from "./tables/backup-history.ts";
import { restoreHistory } from "./tables/restore-history.ts";
import { runs } from "./tables/runs.ts";

/** A run that is not over, without its plan. */
export interface OpenRun extends ListedRun {
  readonly databases: readonly string[];
}

/** The same, as the runs' own table has it. */
export type ListedRun = RowOf<typeof runs, "runId" | "operation" | "group" | "jobId" | "waitingFor"> & {
  readonly state: OpenState;
  /** Since its plan was recorded. */
  readonly ageSeconds: number;
  /** Since its last sign of life. */
  readonly silentSeconds: number;
};

/** What narrows a list of open runs. */
export type OpenRunFilter =
  | { readonly kind: "all" }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "job"; readonly jobId: string };

/** Runs that are not over, oldest first: two statements, however many there are. */
export async function readOpenRuns(catalog: Catalog, filter: OpenRunFilter): Promise<readonly OpenRun[]> {
  return await withDatabases(catalog, await listOpenRuns(catalog, filter));
}

/** The same without their databases: one statement. */
export async function listOpenRuns(catalog: Catalog, filter: OpenRunFilter): Promise<readonly ListedRun[]> {
  const query = { ...openRunsQuery(filter), orderBy: ["createdAt", "runId"] } as const;
  return (await select(catalog, query, "list the open runs")).flatMap(listedRun);
}

/** What is asked for of the rows of open runs. */
export function openRunsQuery(filter: OpenRunFilter) {
  const createdAt = column(runs, "createdAt");
  const computed = {
    ageSeconds: secondsSince(createdAt),
    silentSeconds: secondsSince(`coalesce(${column(runs, "heartbeatAt")}, ${createdAt})`),
  };
  const where = matching(runs, { state: openStates, ...narrowing(filter) });
  return { from: runs, fields: listedFields, computed, where } as const;
}

const listedFields = ["runId", "operation", "state", "group", "jobId", "waitingFor"] as const;

/** An open run of a row that {@link openRunsQuery} gave. */
export function listedRun({
  state,
  waitingFor,
  ...row
}: RowOf<typeof runs, (typeof listedFields)[number]> &
  Pick<ListedRun, "ageSeconds" | "silentSeconds">): readonly ListedRun[] {
  return isOpen(state) ? [{ ...row, state, waitingFor: waitingFor || undefined }] : [];
}

/** Adds their databases to runs; one statement, none for no run. */
export async function withDatabases(
  catalog: Catalog,
  listed: readonly ListedRun[],
): Promise<readonly OpenRun[]> {
  const ids = listed.map((run) => run.runId);
  const databases = await readDatabases(catalog, ids);
  return listed.map((run) => ({ ...run, databases: databases.get(run.runId) ?? [] }));
}

function narrowing(filter: OpenRunFilter) {
  switch (filter.kind) {
    case "all":
      return {};
    case "group":
      return { group: filter.group };
    case "job":
      return { jobId: filter.jobId };
  }
}

async function readDatabases(
  catalog: Catalog,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (runIds.length === 0) return new Map();
  const fields = ["runId", "database"] as const;
  const backups = { from: backupHistory, fields, where: matching(backupHistory, { runId: runIds }) };
  const restores = { from: restoreHistory, fields, where: matching(restoreHistory, { runId: runIds }) };
  const rows = await catalog.session.query(
    `${selectStatement(catalog, backups)} UNION ${selectStatement(catalog, restores)}`,
    "read the databases of the open runs",
  );
  const byRun = new Map<string, readonly string[]>();
  // The columns of a UNION have the names of its first part.
  for (const { runId, database } of rows.map(decoder(backups))) {
    byRun.set(runId, [...(byRun.get(runId) ?? []), database].sort());
  }
  return byRun;
}
