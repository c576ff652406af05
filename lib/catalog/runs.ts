import { errorCode } from "../error-codes.ts";
import { BackupError, type ErrorText } from "../errors.ts";
import type { Catalog } from "./catalog.ts";
import { now } from "./sql/column.ts";
import { matching, secondsSince } from "./sql/condition.ts";
import { insertOnce } from "./sql/insert-once.ts";
import { only } from "./sql/only.ts";
import { select } from "./sql/read.ts";
import { type ChangeOf, column, type FieldOf, type RowOf } from "./sql/table.ts";
import { insertStatement, updateStatement } from "./sql/write.ts";
import { runs } from "./tables/runs.ts";

type RunRow = RowOf<typeof runs>;
export type Operation = RunRow["operation"];
export type RunState = RunRow["state"];

/** One run: its frozen plan, and how far it got. */
export type Run<Plan extends object = object> = Pick<
  RunRow,
  "runId" | "operation" | "state" | "planHash" | "submittedJob"
> & {
  /** Its form belongs to the planning of its operation. */
  readonly plan: Plan;
  /** What it failed with; of an open run, why it was given up. */
  readonly error: ErrorText | undefined;
  /** Since its plan was recorded. */
  readonly ageSeconds: number;
};

const plannedFields = [
  "runId",
  "operation",
  "state",
  "planHash",
  "plan",
  "group",
  "jobId",
] as const satisfies readonly FieldOf<typeof runs>[];

/** What a plan knows of its run. */
export type PlannedRun = Pick<RunRow, (typeof plannedFields)[number]>;

/**
 * Makes a run the one of its job, by a load label that StarRocks lets through once: when another execution of the job was
 * first, nothing happens. The row may take a moment to be visible.
 *
 * @param prefix which the ids of all runs of the job begin with
 */
export async function claimRun(catalog: Catalog, run: PlannedRun, prefix: string): Promise<void> {
  const row = {
    ...only(run, plannedFields),
    createdAt: now,
    finishedAt: run.state === "NOTHING_TO_DO" ? now : undefined,
  };
  await insertOnce(
    catalog,
    insertStatement(catalog, runs, [row], `plan_${prefix}`),
    `record the plan of run ${run.runId}`,
  );
}

/**
 * The run with an id. Planning ends only when its run can be seen, so a run that cannot be seen is none.
 *
 * @throws {BackupError} `UNKNOWN_RUN`
 */
export async function readRun(catalog: Catalog, runId: string): Promise<Run> {
  const run = await findRun(catalog, matching(runs, { runId }), `read run ${runId}`);
  if (run === undefined) throw unknownRun(catalog, runId);
  return run;
}

export function unknownRun({ database }: Catalog, runId: string): BackupError {
  return new BackupError({
    code: "UNKNOWN_RUN",
    message: `There is no run ${runId} in the catalog ${database}.`,
    next: "Take run_id from the result of the plan; the status script lists what is open. A run that restores into another cluster is in the catalog of that one.",
  });
}

async function findRun(catalog: Catalog, where: string, doing: string): Promise<Run | undefined> {
  const [row] = await select(catalog, runQuery(where), doing);
  return row && runOf(row);
}

/** What is asked for of a run's row. */
export function runQuery(where: string) {
  const computed = { ageSeconds: secondsSince(column(runs, "createdAt")) };
  return { from: runs, fields: runFields, computed, where } as const;
}

const runFields = [
  "runId",
  "operation",
  "state",
  "planHash",
  "plan",
  "submittedJob",
  "errorCode",
  "errorMessage",
  "errorNext",
] as const satisfies readonly FieldOf<typeof runs>[];

/** A run of what {@link runQuery} gave. */
export function runOf({
  errorCode: code,
  errorMessage,
  errorNext,
  ...run
}: RowOf<typeof runs, (typeof runFields)[number]> & Pick<Run, "ageSeconds">): Run {
  const error =
    code === undefined
      ? undefined
      : { code: errorCode(code), message: errorMessage ?? "", next: errorNext ?? "" };
  return { ...run, error };
}

/** The state of a run without its plan, which can be long. Undefined when there is no such run. */
export async function readRunState(catalog: Catalog, runId: string): Promise<RunState | undefined> {
  const query = { from: runs, fields: ["state"], where: matching(runs, { runId }) } as const;
  const [row] = await select(catalog, query, `read the state of run ${runId}`);
  return row?.state;
}

/** How a run is over. */
export type RunEnd =
  | { readonly state: "FINISHED" }
  | { readonly state: "FAILED" | "CANCELLED"; readonly error: ErrorText };

/**
 * Records how a run is over, unless somebody has done so meanwhile.
 *
 * @returns how it is over
 */
export async function closeOpenRun(catalog: Catalog, runId: string, end: RunEnd): Promise<RunState> {
  const changed = await catalog.session.execute(
    updateStatement(catalog, runs, changes(end), { runId, state: openStates }),
    `record the state of run ${runId}`,
  );
  return changed > 0 ? end.state : ((await readRunState(catalog, runId)) ?? end.state);
}

/** @returns whether there was such a run, and one that had not begun where it begins */
export async function updateRun(
  catalog: Catalog,
  runId: string,
  change:
    | { readonly state: "RUNNING"; readonly approvedBy: string | undefined }
    | RunEnd
    | { readonly submittedJob: string },
): Promise<boolean> {
  // What was cancelled meanwhile must not come back to life.
  const begins = "state" in change && change.state === "RUNNING";
  const match = { runId, ...(begins && { state: "PLANNED" as const }) };
  const changed = await catalog.session.execute(
    updateStatement(catalog, runs, changes(change), match),
    `record the state of run ${runId}`,
  );
  return changed > 0;
}

function changes(change: Parameters<typeof updateRun>[2]): ChangeOf<typeof runs> {
  if ("submittedJob" in change) return { submittedJob: change.submittedJob };
  switch (change.state) {
    case "RUNNING":
      return { state: change.state, approvedBy: change.approvedBy, approvedAt: now, heartbeatAt: now };
    case "FINISHED":
      // A run that was left with an error may have been finished by StarRocks all the same.
      return {
        state: change.state,
        ...over,
        errorCode: undefined,
        errorMessage: undefined,
        errorNext: undefined,
      };
    case "FAILED":
    case "CANCELLED":
      return { state: change.state, ...over, ...errorColumns(change.error) };
  }
}

const over = { finishedAt: now, waitingFor: undefined };

/** An error as the columns of its run. */
export function errorColumns(error: ErrorText) {
  return { errorCode: error.code, errorMessage: error.message, errorNext: error.next };
}

/** States of runs that are not over. */
export const openStates = ["PLANNED", "RUNNING"] as const satisfies readonly RunState[];
export type OpenState = (typeof openStates)[number];

export function isOpen(state: RunState): state is OpenState {
  return openStates.some((open) => open === state);
}

/** A run is over when nothing will be done for it any more. */
export function isOver({ state }: Pick<Run, "state">): boolean {
  return !isOpen(state);
}
