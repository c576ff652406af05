import type { OpenRun } from "../../catalog/open-runs.ts";
import { isSilent } from "../../operations/settle.ts";
import { jobLink } from "../job-id.ts";

/** An open run as machines read it. */
export function openRun(run: OpenRun) {
  return {
    run_id: run.runId,
    operation: run.operation,
    state: run.state,
    group: run.group ?? null,
    databases: run.databases,
    age_seconds: run.ageSeconds,
    silent: isSilent(run),
    waiting_for: run.waitingFor ?? null,
    job_id: run.jobId ?? null,
    job_link: jobLink(run.jobId) ?? null,
  };
}
