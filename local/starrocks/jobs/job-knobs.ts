import type { Cluster } from "../engine/cluster.ts";
import { type Job, JobFailure } from "../metadata/job.ts";

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
