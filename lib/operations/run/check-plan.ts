import type { Run } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import { planHash } from "../../planning/plan-hash.ts";

/**
 * Makes sure that a run's stored plan is the one that was made, before anything is done by it: whoever can write the catalog
 * can edit the plan.
 *
 * @throws {BackupError} `PLAN_CHANGED`
 */
export function checkPlan(run: Run): void {
  if (planHash(run.plan) === run.planHash) return;
  throw new BackupError({
    code: "PLAN_CHANGED",
    message: `The stored plan of run ${run.runId} is not the one that was made: its hash differs.`,
    next: "Nothing was done for it. Look who has written to the table runs of the catalog.",
  });
}
