import { errorCode } from "../error-codes.ts";
import { BackupError, type ErrorText } from "../errors.ts";
import { StarRocksFault } from "../starrocks/fault.ts";
import { literal } from "../starrocks/quote.ts";
import { count, optionalText, text } from "../starrocks/row.ts";
import type { Row } from "../starrocks/session.ts";
import { at, type Catalog } from "./catalog.ts";
import { insertStatement, now, type StoredRow, updateStatement } from "./insert.ts";
import { packPlan, unpackPlan } from "./plan-text.ts";

export type Operation = "backup" | "restore";
export type RunState = "PLANNED" | "RUNNING" | "FINISHED" | "NOTHING_TO_DO" | "FAILED" | "CANCELLED";

/** One run: its frozen plan, and how far it got. */
export interface Run<Plan extends object = object> {
  readonly runId: string;
  readonly operation: Operation;
  readonly state: RunState;
  readonly planHash: string;
  /** Its form belongs to the planning of its operation. */
  readonly plan: Plan;
  /** A restore's last submission: which job was there before it (jobs have no name of ours). */
  readonly submittedJob: string | undefined;
  /** What it failed with; of an open run, why it was given up. */
  readonly error: ErrorText | undefined;
  /** Since its plan was recorded. */
  readonly ageSeconds: number;
}

/** What a plan knows of its run. */
export type PlannedRun = Pick<Run, "runId" | "operation" | "state" | "planHash" | "plan"> & {
  readonly group: string | undefined;
  /** The job of Windmill that a person sees and cancels: the flow's, or the script's where it runs alone. */
  readonly jobId: string | undefined;
};

/**
 * Makes a run the one of its job, by a load label that StarRocks lets through once: when another execution of the job was
 * first, nothing happens. The row may take a moment to be visible.
 *
 * @param prefix which the ids of all runs of the job begin with
 */
export async function claimRun(catalog: Catalog, run: PlannedRun, prefix: string): Promise<void> {
  try {
    await catalog.session.execute(
      insertStatement(catalog, "runs", [runRow(run)], `plan_${prefix}`),
      `record the plan of run ${run.runId}`,
    );
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind !== "load-label-taken") throw error;
  }
}

/** The run that a job has planned, if it has. */
export async function readRunOfJob(catalog: Catalog, prefix: string): Promise<Run | undefined> {
  return await findRun(
    catalog,
    `left(run_id, ${prefix.length}) = ${literal(prefix)}`,
    "look for an earlier plan of this job",
  );
}

function runRow(run: PlannedRun): StoredRow {
  return {
    run_id: run.runId,
    operation: run.operation,
    state: run.state,
    inventory_group: run.group ?? null,
    plan_hash: run.planHash,
    plan: packPlan(JSON.stringify(run.plan)),
    created_at: now,
    finished_at: run.state === "NOTHING_TO_DO" ? now : null,
    job_id: run.jobId ?? null,
  };
}

/**
 * The run with an id. Planning ends only when its run can be seen, so a run that cannot be seen is none.
 *
 * @throws {BackupError} `UNKNOWN_RUN`
 */
export async function readRun(catalog: Catalog, runId: string): Promise<Run> {
  const run = await findRun(catalog, `run_id = ${literal(runId)}`, `read run ${runId}`);
  if (run !== undefined) return run;
  throw new BackupError({
    code: "UNKNOWN_RUN",
    message: `There is no run ${runId} in the catalog ${catalog.database}.`,
    next: "Take run_id from the result of the plan; the status script lists what is open.",
  });
}

async function findRun(catalog: Catalog, condition: string, doing: string): Promise<Run | undefined> {
  const [row] = await catalog.session.query(
    `SELECT run_id, operation, state, plan_hash, plan, submitted_job, error_code, error_message, error_next,
            unix_timestamp(now()) - unix_timestamp(created_at) AS age_seconds
     FROM ${at(catalog, "runs")} WHERE ${condition}`,
    doing,
  );
  return row === undefined ? undefined : runOf(row);
}

function runOf(row: Row): Run {
  const code = optionalText(row, "error_code");
  return {
    runId: text(row, "run_id"),
    operation: text(row, "operation") as Operation,
    state: text(row, "state") as RunState,
    planHash: text(row, "plan_hash"),
    plan: JSON.parse(unpackPlan(text(row, "plan"))) as object,
    submittedJob: optionalText(row, "submitted_job"),
    error:
      code === undefined
        ? undefined
        : { code: errorCode(code), message: text(row, "error_message"), next: text(row, "error_next") },
    ageSeconds: count(row, "age_seconds"),
  };
}

/** The state of a run without its plan, which can be long. Undefined when there is no such run. */
export async function readRunState(catalog: Catalog, runId: string): Promise<RunState | undefined> {
  return (await readStanding(catalog, runId))?.state;
}

/** Whether anything may still be begun for a run: it is open, and nobody has given it up. */
export async function isCarriedOn(catalog: Catalog, runId: string): Promise<boolean> {
  const standing = await readStanding(catalog, runId);
  return standing !== undefined && !isOver(standing) && !standing.givenUp;
}

async function readStanding(
  catalog: Catalog,
  runId: string,
): Promise<{ readonly state: RunState; readonly givenUp: boolean } | undefined> {
  const [row] = await catalog.session.query(
    `SELECT state, error_code FROM ${at(catalog, "runs")} WHERE run_id = ${literal(runId)}`,
    `read the state of run ${runId}`,
  );
  if (row === undefined) return undefined;
  return {
    state: text(row, "state") as RunState,
    givenUp: optionalText(row, "error_code") !== undefined,
  };
}

export async function updateRun(
  catalog: Catalog,
  runId: string,
  change:
    | { readonly state: "RUNNING"; readonly approvedBy: string | undefined }
    | { readonly state: "FINISHED" }
    | { readonly state: "FAILED" | "CANCELLED"; readonly error: ErrorText }
    | { readonly submittedJob: string },
): Promise<void> {
  const key = { column: "run_id", value: runId };
  // What was cancelled meanwhile must not come back to life.
  const begins = "state" in change && change.state === "RUNNING";
  const condition = begins ? { column: "state", value: "PLANNED" } : undefined;
  await catalog.session.execute(
    updateStatement(catalog, "runs", changes(change), key, condition),
    `record the state of run ${runId}`,
  );
}

function changes(change: Parameters<typeof updateRun>[2]): StoredRow {
  if ("submittedJob" in change) return { submitted_job: change.submittedJob };
  switch (change.state) {
    case "RUNNING":
      return { state: change.state, approved_by: change.approvedBy ?? null, heartbeat_at: now };
    case "FINISHED":
      // A run that was left with an error may have been finished by StarRocks all the same.
      return { state: change.state, finished_at: now, waiting_for: null, ...noError };
    case "FAILED":
    case "CANCELLED":
      return {
        state: change.state,
        finished_at: now,
        waiting_for: null,
        error_code: change.error.code,
        error_message: change.error.message,
        error_next: change.error.next,
      };
  }
}

const noError = { error_code: null, error_message: null, error_next: null };

/** A run is over when nothing will be done for it any more. */
export function isOver({ state }: Pick<Run, "state">): boolean {
  return state !== "PLANNED" && state !== "RUNNING";
}
