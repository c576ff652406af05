import type { Catalog } from "../../catalog/catalog.ts";
import { readRun, updateRun } from "../../catalog/runs.ts";
import type { Submission } from "../../planning/restore/decision.ts";
import type { DatabaseStep } from "./restore-step.ts";

/** How far a job was seen to be. */
interface JobProgress {
  /** The job's mark: changes whenever it gets on. */
  readonly mark: string;
  /** Since when, by the FE's clock; UTC. */
  readonly since: string;
}

/** A submission, and how far its job was seen to be. */
export interface WatchedSubmission extends Submission {
  readonly progress?: JobProgress;
}

/** The last submission of each database. */
export async function readSubmissions(
  catalog: Catalog,
  runId: string,
): Promise<Readonly<Record<string, WatchedSubmission>>> {
  const { submittedJob } = await readRun(catalog, runId);
  if (submittedJob === undefined) return {};
  return JSON.parse(submittedJob) as Readonly<Record<string, WatchedSubmission>>;
}

/** Remembers the last submission of a database, in place of the one before. */
export async function recordSubmission(
  { catalog, run, database }: DatabaseStep,
  submission: WatchedSubmission,
): Promise<void> {
  const { runId } = run;
  const before = await readSubmissions(catalog, runId);
  await updateRun(catalog, runId, { submittedJob: JSON.stringify({ ...before, [database]: submission }) });
}

/** Remembers how far a submission's job is, unless another one was submitted meanwhile. */
export async function recordProgress(step: DatabaseStep, submission: WatchedSubmission): Promise<void> {
  const latest = (await readSubmissions(step.catalog, step.run.runId))[step.database];
  if (latest?.label !== submission.label || latest.before !== submission.before) return;
  await recordSubmission(step, submission);
}
