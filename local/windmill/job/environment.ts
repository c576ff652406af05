/** Where a job stands in its flow; all empty for a script that is run alone. */
export interface JobPlace {
  readonly stepId: string;
  readonly flowPath: string;
  /** The job of the innermost flow, loop iteration or branch around the step. */
  readonly flowJobId: string;
  /** The flow that was started; a sub-flow or a parallel iteration starts anew. */
  readonly rootFlowJobId: string;
  readonly rootJobId: string;
}

export const ALONE: JobPlace = { stepId: "", flowPath: "", flowJobId: "", rootFlowJobId: "", rootJobId: "" };

/** The minimal environment of a Windmill job: nothing of the host but PATH and HOME. */
export function jobEnvironment(
  job: { readonly id: string; readonly path: string },
  place: JobPlace,
  api: string,
) {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: process.env["HOME"] ?? "",
    // Windmill's image runs in UTC.
    TZ: "UTC",
    WM_WORKSPACE: "local",
    WM_TOKEN: "local",
    WM_EMAIL: "local@localhost",
    WM_USERNAME: "local",
    WM_BASE_URL: api,
    BASE_URL: api,
    BASE_INTERNAL_URL: api,
    WM_JOB_ID: job.id,
    WM_JOB_PATH: job.path,
    WM_OBJECT_PATH: job.path,
    WM_FLOW_JOB_ID: place.flowJobId,
    WM_ROOT_FLOW_JOB_ID: place.rootFlowJobId,
    WM_ROOT_JOB_ID: place.rootJobId === "" ? job.id : place.rootJobId,
    WM_FLOW_PATH: place.flowPath,
    WM_FLOW_STEP_ID: place.stepId,
    WM_STATE_PATH: `u/local/${(place.flowPath || job.path).replaceAll("/", "_")}`,
    WM_PERMISSIONED_AS: "u/local",
    WM_SCHEDULE_PATH: "",
    WM_SCHEDULED_FOR: "",
    WM_WORKER_GROUP: "default",
    WM_RUNNABLE_ID: "",
    WM_END_USER_EMAIL: "local@localhost",
  };
}
