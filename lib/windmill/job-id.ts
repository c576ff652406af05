import type { PlanningJobIds } from "../operations/run-id.ts";

/**
 * The job this process executes (its id is the same when a dead worker's job is run again), and the one a person sees: the
 * flow's, or the same where the script runs alone. Undefined outside Windmill.
 */
export function windmillJob(): PlanningJobIds | undefined {
  const own = process.env["WM_JOB_ID"];
  if (!own) return undefined;
  return { own, shown: process.env["WM_FLOW_JOB_ID"] || own };
}

/** The page of a job; undefined when the id is none or nothing is known of the server. */
export function jobLink(jobId: string | undefined): URL | undefined {
  const base = process.env["WM_BASE_URL"] || process.env["BASE_URL"];
  const workspace = process.env["WM_WORKSPACE"];
  // A row of the catalog can be written by others; only an id becomes part of an address.
  if (!base || !workspace || jobId === undefined || !/^[0-9a-f-]{36}$/.test(jobId)) return undefined;
  return new URL(`run/${jobId}?workspace=${encodeURIComponent(workspace)}`, `${base.replace(/\/+$/, "")}/`);
}
