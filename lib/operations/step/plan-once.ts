import type { Catalog, OpenedCatalog } from "../../catalog/catalog.ts";
import type { Claim } from "../../catalog/history.ts";
import type { ListedRun } from "../../catalog/open-runs.ts";
import { type JobView, readJobView } from "../../catalog/run-view.ts";
import { claimRun, type PlannedRun } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import { lookUntil } from "../../look-until.ts";
import { planHash } from "../../planning/plan-hash.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import type { Progress } from "./progress.ts";
import type { ClusterSettings } from "./settings.ts";
import { type BackupsCatalog, withCatalog } from "./with-catalog.ts";

/*
 * A step may be killed and run again, run twice at once, or lose the answer to its last statement. The executions of one
 * job agree on one run here, by a load label that StarRocks lets through once.
 */

/** The run of a job, and its plan. */
export interface PlanOfJob<Plan extends object> {
  readonly runId: string;
  readonly planHash: string;
  readonly plan: Plan;
}

/** What a planning gives. */
export interface Planned<Plan> {
  /** Undefined for a dry run: nothing was written. */
  readonly runId: string | undefined;
  readonly planHash: string;
  readonly plan: Plan;
  /** What a reader of the plan should know beside it. */
  readonly notes: readonly string[];
}

/** A plan whose run has its row. */
export interface RecordedPlan<Plan extends object> {
  readonly runId: string;
  readonly plan: Plan;
  /** Labels whose plan never became a run: of the job's other executions, and of others that are long dead. */
  readonly claims: readonly Claim[];
}

/** How the executions of one job find each other's plan, and how a person finds the job. */
export interface PlanningJob<Plan extends object> {
  /** The job that a person sees and cancels; undefined outside Windmill. */
  readonly shownJobId: string | undefined;
  /** What the ids of all runs begin with that the job plans. */
  readonly prefix: string;
  /** Does what comes after the run's row; may be repeated. */
  readonly complete: (catalog: Catalog, recorded: RecordedPlan<Plan>) => Promise<void>;
}

/** Plans, unless an earlier execution of the job has; looks again when the connection was lost on the way. */
export async function planOnce<Plan extends object>(
  settings: ClusterSettings,
  job: PlanningJob<Plan>,
  progress: Progress,
  plan: (
    catalog: OpenedCatalog,
    backups: BackupsCatalog | undefined,
    open: readonly ListedRun[],
  ) => Promise<Planned<Plan>>,
): Promise<Planned<Plan>> {
  let connected = false;
  const attempt = async (catalog: OpenedCatalog, backups: BackupsCatalog | undefined) => {
    connected = true;
    const seen = await readJobView(catalog, job.prefix);
    const earlier = await completed(catalog, job, seen);
    if (earlier === undefined) return await plan(catalog, backups, seen.open);
    progress.say(`An earlier execution of this step has planned run ${earlier.runId}`);
    return { ...earlier, notes: [] };
  };
  try {
    return await withCatalog(settings, attempt);
  } catch (error) {
    if (!connected || !(error instanceof StarRocksFault) || error.kind !== "connection") throw error;
    progress.say("The connection was lost while planning; looking what was recorded");
    return await withCatalog(settings, attempt);
  }
}

/**
 * Makes a plan the job's, or gives the one of the execution that was first. Ends only when the run can be seen, so that no
 * later step has to wonder about a run that it cannot find.
 */
export async function recordPlan<Plan extends object>(
  catalog: Catalog,
  job: PlanningJob<Plan>,
  run: Omit<PlannedRun, "planHash" | "plan" | "jobId">,
  plan: Plan,
): Promise<PlanOfJob<Plan>> {
  const planned = { ...run, planHash: planHash(plan), plan, jobId: job.shownJobId };
  await claimRun(catalog, planned, job.prefix);
  return await visiblePlan(catalog, job);
}

/** What an execution of this job has planned, completed where it was cut short. */
async function completed<Plan extends object>(
  catalog: Catalog,
  job: PlanningJob<Plan>,
  { run, claims }: JobView,
): Promise<PlanOfJob<Plan> | undefined> {
  if (run === undefined) return undefined;
  // The job has planned it: it is of this kind.
  const plan = run.plan as Plan;
  await job.complete(catalog, { runId: run.runId, plan, claims });
  return { runId: run.runId, planHash: run.planHash, plan };
}

const looks = { most: 50, pauseMs: 200 };

/** The plan that was let through; its row may take a moment to be visible. */
async function visiblePlan<Plan extends object>(
  catalog: Catalog,
  job: PlanningJob<Plan>,
): Promise<PlanOfJob<Plan>> {
  const plan = await lookUntil(looks, async () =>
    completed(catalog, job, await readJobView(catalog, job.prefix)),
  );
  if (plan !== undefined) return plan;
  throw new BackupError({
    code: "ALREADY_CLAIMED",
    message: "The plan of this step, or of another execution of it, is recorded and cannot be seen yet.",
    next: "Run the step again: it goes on with that plan.",
    retriable: true,
  });
}
