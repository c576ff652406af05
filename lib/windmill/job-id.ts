import type { PlanningJobIds } from "../operations/step/run-id.ts";

/**
 * What this process executes, and the job a person sees: the flow's, or the same where the script runs alone. A flow that
 * tries a step again does it as another job (a dead worker's job is run again as the same), so a step is known by its flow's
 * job and its place in it; a loop around it shows in the place. Undefined outside Windmill.
 */
export function windmillJob(): PlanningJobIds | undefined {
  const job = process.env["WM_JOB_ID"];
  if (!job) return undefined;
  const flow = process.env["WM_FLOW_JOB_ID"];
  if (!flow) return { own: job, shown: job };
  return { own: `${flow} ${process.env["WM_FLOW_PATH"]} ${process.env["WM_FLOW_STEP_ID"]}`, shown: flow };
}

/** The page of a job; undefined when the id is none or nothing is known of the server. */
export function jobLink(jobId: string | undefined): URL | undefined {
  const base = process.env["WM_BASE_URL"] || process.env["BASE_URL"];
  const workspace = process.env["WM_WORKSPACE"];
  // A row of the catalog can be written by others; only an id becomes part of an address.
  if (!base || !workspace || jobId === undefined || !/^[0-9a-f-]{36}$/.test(jobId)) return undefined;
  return new URL(`run/${jobId}?workspace=${encodeURIComponent(workspace)}`, `${base.replace(/\/+$/, "")}/`);
}
