/** Where a job stands in its flow; all empty for a script that is run alone. */
export interface JobPlace {
  readonly stepId: string;
  /** Path of the innermost flow, iteration or branch around the step: `f/x/backup/loop-0`. */
  readonly flowPath: string;
  /** Its job. */
  readonly flowJobId: string;
  /** The flow that was started; a sub-flow or a parallel iteration starts anew. */
  readonly rootFlowJobId: string;
  readonly rootJobId: string;
}

export const ALONE: JobPlace = { stepId: "", flowPath: "", flowJobId: "", rootFlowJobId: "", rootJobId: "" };

/** What the environment tells of a job besides its place. */
export interface JobIdentity {
  readonly id: string;
  readonly path: string;
  readonly scriptHash: string;
  readonly scheduledFor: Date;
}

/**
 * The environment of a step that was started by hand, as the worker makes it (common: get_reserved_variables; worker:
 * get_common_bun_proc_envs): nothing of the host but PATH and HOME, and no `BASE_INTERNAL_URL`.
 */
export function jobEnvironment(job: JobIdentity, place: JobPlace, api: string) {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: process.env["HOME"] ?? "",
    // Windmill's image runs in UTC.
    TZ: "UTC",
    FORCE_COLOR: "1",
    DO_NOT_TRACK: "1",
    BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0",
    BASE_URL: api,
    WM_WORKSPACE: "local",
    WM_TOKEN: "local",
    WM_EMAIL: "local@localhost",
    WM_USERNAME: "local",
    WM_BASE_URL: api,
    WM_JOB_ID: job.id,
    WM_JOB_PATH: job.path,
    WM_FLOW_JOB_ID: place.flowJobId,
    WM_ROOT_FLOW_JOB_ID: place.rootFlowJobId,
    WM_ROOT_JOB_ID: place.rootJobId === "" ? job.id : place.rootJobId,
    WM_FLOW_PATH: place.flowPath,
    WM_FLOW_STEP_ID: place.stepId,
    // A schedule would put the user's name in the place of `user`.
    WM_STATE_PATH: place.flowPath === "" ? `${job.path}/user` : `${place.flowPath}/${place.stepId}_user`,
    WM_OBJECT_PATH: objectPath(job, place),
    WM_PERMISSIONED_AS: "u/local",
    WM_SCHEDULE_PATH: "",
    WM_SCHEDULED_FOR: job.scheduledFor.toISOString().replace(/\.\d+Z$/, "Z"),
    WM_WORKER_GROUP: "default",
    WM_RUNNABLE_ID: job.scriptHash,
    WM_END_USER_EMAIL: "",
    WM_TESTED_RUNNABLE: "",
  };
}

function objectPath(job: JobIdentity, { flowPath, stepId }: JobPlace): string {
  const at = `${Date.now()}_${job.id}`;
  return flowPath === ""
    ? `${job.path.replaceAll("/", "_")}/manual/${at}`
    : `${flowPath.replaceAll("/", "_")}/manual/${stepId}/${at}`;
}
