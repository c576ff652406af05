import { CANCELER, type JobOutcome } from "./job/job-outcome.ts";

/** Ends a flow that was cancelled, wherever it is: no retry and no failure module come after it. */
export class CanceledRun extends Error {
  override readonly name = "CanceledRun";

  constructor() {
    super("The run was cancelled.");
  }
}

export function throwIfCanceled(cancel: AbortSignal): void {
  if (cancel.aborted) throw new CanceledRun();
}

/** Waits for `work`, unless the run is cancelled before. */
export async function unlessCanceled<Result>(
  cancel: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  throwIfCanceled(cancel);
  return await new Promise<Result>((resolve, reject) => {
    const giveUp = () => reject(new CanceledRun());
    cancel.addEventListener("abort", giveUp, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => cancel.removeEventListener("abort", giveUp));
  });
}

/**
 * What a cancelled job leaves as its result (queue: canceled_job_to_result). The button gives no reason; for a job that
 * was still in the queue the API puts another text in its place (queue: cancel_single_job).
 */
export function canceledOutcome(job: "running" | "queued"): JobOutcome {
  const reason = job === "running" ? "no reason given" : "unexplicited reasons";
  const message = `Job canceled: ${reason} by ${CANCELER}`;
  return {
    success: false,
    result: { error: { name: "Canceled", reason, message, canceler: CANCELER } },
  };
}
