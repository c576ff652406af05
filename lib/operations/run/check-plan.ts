import type { Run } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import { planHash } from "../../planning/plan-hash.ts";
import { runMark } from "../step/run-id.ts";

/**
 * Makes sure that a run's stored plan is the one that was made, before anything is done by it: whoever can write the catalog
 * can edit the plan, and the hash beside it.
 *
 * @param given hash of the plan that was made or approved, from outside the catalog
 * @throws {BackupError} `PLAN_CHANGED`
 */
export function checkPlan(run: Run, given: string | undefined): void {
  if (!isUnchanged(run, given)) throw planChanged(run);
}

/** Whether a run's stored plan is the one that was made. */
export function isUnchanged(run: Run, given: string | undefined): boolean {
  const actual = planHash(run.plan);
  return actual === run.planHash && (given === undefined || actual === given);
}

export function planChanged({ runId }: Run): BackupError {
  return new BackupError({
    code: "PLAN_CHANGED",
    message: `The stored plan of run ${runId} is not the one that was made: its hash differs.`,
    next: `Nothing more is done for it. Look who has written to the table runs of the catalog, and drop what the run has left: tables whose names contain ${runMark(runId)}.`,
  });
}
