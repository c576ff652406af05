import type { Catalog } from "../../catalog/catalog.ts";
import { type RunView, readRunView } from "../../catalog/run-view.ts";
import { updateRun } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import { advanceRun } from "./advance.ts";
import { checkPlan } from "./check-plan.ts";
import { type PollResult, pollResult } from "./poll.ts";
import { workingFor } from "./working-for.ts";

export interface Approval {
  readonly runId: string;
  /** Hash of the plan that was read and approved. */
  readonly planHash: string;
  readonly approved: boolean;
  /** What the plan is of. */
  readonly operation: "restore" | "undo";
  readonly approvers: readonly string[];
}

/**
 * Starts an approved restore or undo. The approval is checked here again, since a flow can be edited or restarted around its
 * gate.
 *
 * @throws {BackupError} `NOT_APPROVED`, `PLAN_CHANGED`
 */
export async function startRestore(
  settings: ClusterSettings,
  approval: Approval,
  progress: Progress,
): Promise<PollResult> {
  return await workingFor(settings, approval, progress, async (step, view) => {
    const { catalog } = step;
    const { run } = view;
    const { operation } = approval;
    if (run.operation !== operation) {
      throw new BackupError({
        code: "PLAN_CHANGED",
        message: `Run ${run.runId} is a ${run.operation}, not a ${operation}: there is nothing to approve.`,
        next: `Take run_id and plan_hash from the plan of the ${operation}.`,
      });
    }
    if (!approval.approved) {
      throw new BackupError({
        code: "NOT_APPROVED",
        message: `${operation === "undo" ? "Undo" : "Restore"} run ${run.runId} is not approved.`,
        next: "Approve the plan first.",
      });
    }
    if (run.planHash !== approval.planHash) {
      throw new BackupError({
        code: "PLAN_CHANGED",
        message: `The approved plan ${approval.planHash} is not the plan of ${operation} run ${run.runId}.`,
        next: `Plan the ${operation} again and approve that plan.`,
      });
    }
    checkPlan(run, approval.planHash);
    const approvedBy = approval.approvers.length === 0 ? undefined : approval.approvers.join(", ");
    const advance = await advanceRun(step, await begun(catalog, view, approvedBy));
    return pollResult(run.runId, advance);
  });
}

/** The run as under way, unless it has been under way before, or was cancelled meanwhile. */
async function begun(catalog: Catalog, view: RunView, approvedBy: string | undefined): Promise<RunView> {
  const { run } = view;
  if (run.state !== "PLANNED") return view;
  const state = "RUNNING";
  if (await updateRun(catalog, run.runId, { state, approvedBy })) return { ...view, run: { ...run, state } };
  return await readRunView(catalog, run.runId);
}
