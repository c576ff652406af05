import type { Cluster } from "../engine/cluster.ts";
import { type Job, JobFailure, type StatusCode } from "../metadata/job.ts";

/** Ends the next job that is about to do its step of `state`. */
export type FailJob = Readonly<{ state: string; code: StatusCode; message: string }>;

/** Holds jobs of a label, or all of them, in their state: Status stays `[OK]`, the reason is in TaskErrMsg (§2.3). */
export type StallJob = Readonly<{ label?: string; message?: string }>;

/** Before a job's step: ends it, or says that it stands still. */
export function applyJobKnobs(cluster: Cluster, job: Job): "go on" | "stand still" {
  const { knobs } = cluster;
  knobs.failStep?.(job);
  const { failJob, stallJob } = knobs;
  if (failJob?.state === job.state) {
    knobs.failJob = undefined;
    throw new JobFailure(failJob.code, failJob.message);
  }
  const stalls = stallJob && (stallJob.label === undefined || stallJob.label === job.label);
  if (!stalls) {
    job.taskErrMsg = "";
    return "go on";
  }
  job.taskErrMsg = stallJob.message === undefined ? "" : `[${job.jobId + 1}: ${stallJob.message}]`;
  return "stand still";
}
