/** Id of the job this process executes: the same when a dead worker's job is run again. Undefined outside a job. */
export function jobId(): string | undefined {
  return process.env["WM_JOB_ID"] || undefined;
}
