import type { OpenedCatalog } from "../../catalog/catalog.ts";
import type { RestoreRecord } from "../../catalog/restores.ts";
import { readRunView } from "../../catalog/run-view.ts";
import { isOver, type Run } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import { tableKey } from "../../planning/live-table.ts";
import { planHash } from "../../planning/plan-hash.ts";
import { withOwnNames } from "../../planning/restore/own-names.ts";
import type { PlannedRestore, RestorePlan } from "../../planning/restore/restore-plan.ts";
import { undoOutlook } from "../../planning/restore/undo-outlook.ts";
import type { Skipped } from "../../planning/skipped.ts";
import { movedPartition } from "../../planning/undo/moved-partition.ts";
import type { PlannedUndo, UndoPlan } from "../../planning/undo/undo-plan.ts";
import { countEach } from "../../starrocks/observe/contents.ts";
import { isReal, readPartitions } from "../../starrocks/observe/partitions.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import { planChanged } from "../run/check-plan.ts";
import { type Planned, recordPlan } from "../step/plan-once.ts";
import type { Planner, PlanningStep } from "../step/planner.ts";
import { runIdOf, runMark } from "../step/run-id.ts";

export interface UndoRequest {
  /** The run of the restore. */
  readonly restore: string;
  /** `database.table`; empty: all that it has made live. */
  readonly tables: readonly string[];
  readonly dryRun: boolean;
}

/** Plans runs that take a restore back: what is kept of each table, and what is live in its place. */
export function undoPlanner(request: UndoRequest): Planner<UndoPlan> {
  return {
    operation: "undo",
    request,
    // Whether the restore became live may be to be found out yet.
    concerns: (run) => run.runId === request.restore,
    plan: (step) => plan(step, request),
    complete: async () => undefined,
  };
}

async function plan(
  { catalog, job, now, progress }: PlanningStep<UndoPlan>,
  { restore, tables, dryRun }: UndoRequest,
): Promise<Planned<UndoPlan>> {
  const { run, restores } = await readRunView(catalog, restore);
  const restorePlan = planOf(run);
  const chosen = chosenOf(restores, tables, restore);
  const mark = runMark(restore);
  const owned = withOwnNames(restorePlan, mark).tables;
  const outcomes = chosen.map((record) => ({ record, ...expected(record, owned, restorePlan) }));
  const skipped: Skipped[] = outcomes.flatMap(({ record, reason }) =>
    reason === undefined ? [] : [{ object: tableKey(record), reason }],
  );
  const planned: PlannedUndo[] = [];
  const wanted = outcomes.flatMap(({ record, planned: each }) => (each ? [{ record, planned: each }] : []));
  for (const [database, ofDatabase] of groupBy(wanted, ({ record }) => record.database)) {
    for (const seen of await look(catalog, database, ofDatabase)) {
      if ("reason" in seen) skipped.push(seen);
      else planned.push(seen);
    }
  }
  if (planned.length === 0 || (tables.length > 0 && skipped.length > 0)) throw notUndoable(restore, skipped);
  const undo: UndoPlan = { operation: "undo", plannedAt: now, restore, tables: planned, skipped };
  progress.say(`Planned the undo of ${planned.length} table(s)`);
  if (dryRun) return { runId: undefined, planHash: planHash(undo), plan: undo, notes: [] };
  const row = { runId: runIdOf(job.prefix), operation: "undo", state: "PLANNED", group: undefined } as const;
  return { ...(await recordPlan(catalog, job, row, undo)), notes: [] };
}

/** @throws {BackupError} for a run that is no restore, that is not over, or whose plan was changed */
function planOf(run: Run): RestorePlan {
  const { runId, operation } = run;
  if (operation !== "restore") {
    throw new BackupError({
      code: "NOT_UNDOABLE",
      message: `Run ${runId} is no restore.`,
      next: "Take run_id from the result of the restore.",
    });
  }
  if (!isOver(run)) {
    throw new BackupError({
      code: "RUN_NOT_OVER",
      message: `Run ${runId} is ${run.state}.`,
      next: "Wait for its end, or run cancel for it: what has become live by then can be undone.",
      retriable: true,
    });
  }
  if (planHash(run.plan) !== run.planHash) throw planChanged(run);
  // The kind of run that wrote it is in its row, and so is the hash of what it wrote.
  return run.plan as RestorePlan;
}

function chosenOf(
  restores: readonly RestoreRecord[],
  tables: readonly string[],
  restore: string,
): readonly RestoreRecord[] {
  if (tables.length === 0) return restores;
  const known = new Set(restores.map(tableKey));
  const unknown = tables.filter((table) => !known.has(table));
  if (unknown.length === 0) return restores.filter((each) => tables.includes(tableKey(each)));
  throw notUndoable(
    restore,
    unknown.map((object) => ({ object, reason: "the run has not restored it" })),
  );
}

/** What can be expected by what was recorded. */
function expected(
  record: RestoreRecord,
  owned: readonly PlannedRestore[],
  { keepSeconds }: RestorePlan,
): { readonly planned?: PlannedRestore; readonly reason?: string } {
  const planned = owned.find((each) => each.database === record.database && each.table === record.table);
  const outlook = undoOutlook(record, planned, keepSeconds);
  if (outlook.kind === "impossible") return { reason: outlook.reason };
  if (planned?.replaces === undefined) return { reason: "its plan says of no table that it replaced" };
  if (record.restoredTableId === undefined || record.keptTableId === undefined)
    return { reason: "an older release has restored it, which did not record what tells the tables" };
  return { planned };
}

interface Wanted {
  readonly record: RestoreRecord;
  readonly planned: PlannedRestore;
}

/** Looks whether all is as the restore has left it; three statements a database. */
async function look(
  { session }: OpenedCatalog,
  database: string,
  wanted: readonly Wanted[],
): Promise<readonly (PlannedUndo | Skipped)[]> {
  const names = wanted.flatMap(({ record, planned }) => [record.table, planned.replaces?.keptAs ?? ""]);
  const ids = await readTableIds(session, database, names);
  const partitions = groupBy(
    (await readPartitions(session, [{ database, tables: names }])).filter(isReal),
    (each) => each.table,
  );
  const seen = wanted.map(({ record, planned }) => {
    const keptAs = planned.replaces?.keptAs ?? "";
    const ofKept = (partitions.get(keptAs) ?? []).map((each) => each.id);
    const valuesOf = (table: string) =>
      new Map(partitions.get(table)?.map((each) => [each.partition, each.value]));
    const reason =
      changed(record, { live: ids.get(record.table), kept: ids.get(keptAs), ofKept, keptAs }) ??
      (planned.strategy === "partitions"
        ? movedPartition(record.table, planned.only ?? [], {
            live: valuesOf(record.table),
            kept: valuesOf(keptAs),
          })
        : undefined);
    return { record, planned, keptAs, reason };
  });
  const possible = seen.filter(({ reason }) => reason === undefined);
  const counts = await countEach(
    session,
    database,
    possible.flatMap(({ record, planned, keptAs }) => [
      { table: record.table, partitions: planned.strategy === "partitions" ? planned.only : undefined },
      { table: keptAs },
    ]),
  );
  const undone = possible.map(({ record, planned, keptAs }, index): PlannedUndo => {
    const only = planned.strategy === "partitions" ? new Set(planned.only) : undefined;
    const now = (partitions.get(record.table) ?? []).filter((each) => only?.has(each.partition));
    return {
      database,
      table: record.table,
      keptAs,
      liveId: record.restoredTableId ?? "",
      keptId: record.keptTableId ?? "",
      partitions: only && { names: [...only], ids: sample(now.map((each) => each.id)) },
      rowsRestored: record.rows,
      rowsNow: counts[2 * index] ?? 0,
      rowsBack: counts[2 * index + 1] ?? 0,
    };
  });
  const not = seen.flatMap(({ record, reason }) =>
    reason === undefined ? [] : [{ object: tableKey(record), reason }],
  );
  return [...undone, ...not];
}

interface Now {
  readonly live: string | undefined;
  readonly kept: string | undefined;
  /** Ids of the kept table's partitions. */
  readonly ofKept: readonly string[];
  readonly keptAs: string;
}

/** Why things are not as the restore has left them; undefined: they are. */
function changed(
  { table, strategy, restoredTableId, keptTableId, replacedIds }: RestoreRecord,
  { live, kept, ofKept, keptAs }: Now,
): string | undefined {
  if (live === undefined) return `${table} was dropped or renamed since`;
  if (live !== restoredTableId)
    return `${table} is not the restored table any more: another one was put there`;
  if (kept === undefined) return `${keptAs}, which was kept of it, was dropped or renamed`;
  if (kept !== keptTableId) return `${keptAs} is not the table any more that was kept of it`;
  // Those of a copy were never those of the live table.
  if (strategy === "partitions" || replacedIds.length === 0) return undefined;
  return ofKept.some((id) => replacedIds.includes(id))
    ? undefined
    : `all partitions of ${keptAs} were replaced or dropped since: it does not hold any more what was replaced`;
}

/** Some of very many, from all over: enough to see that all have changed. */
function sample(ids: readonly string[]): readonly string[] {
  const step = Math.ceil(ids.length / 48);
  return ids.filter((_, index) => index % step === 0);
}

function notUndoable(restore: string, skipped: readonly Skipped[]): BackupError {
  const reasons = skipped.map(({ object, reason }) => `${object}: ${reason}`).join("; ");
  return new BackupError({
    code: "NOT_UNDOABLE",
    message: `The restore of run ${restore} cannot be undone${reasons === "" ? ": it has made nothing live" : ` (${reasons})`}.`,
    next: "Leave out what is named (tables), or restore these tables to a point before.",
  });
}
