import { randomUUID } from "node:crypto";
import type { FlowModule } from "../../../windmill/flow/open-flow.ts";
import { isJsonObject, type Json } from "../../../windmill/json.ts";
import { errorOutcome, type JobOutcome } from "../job/job-outcome.ts";
import { asJsonb } from "../job/jsonb.ts";
import type { Approval, RunContext, Suspended } from "../run-context.ts";
import type { FlowOutcome } from "./flow-outcome.ts";
import { NO_RESUMES, type Resumes } from "./step-context.ts";

type Gate =
  | { readonly kind: "open"; readonly resumes: Resumes }
  | { readonly kind: "refused"; readonly outcome: JobOutcome };

/** Leaves the run at a suspend that nobody answers; the run's caller gets it as its outcome. */
export class SuspendedRun extends Error {
  override readonly name = "SuspendedRun";
  readonly suspended: Suspended;

  constructor(suspended: Suspended) {
    super(`The flow waits for an approval after step ${suspended.stepId}.`);
    this.suspended = suspended;
  }
}

/** Waits for the approvals that the step before asks for; a skipped or failed step asks for none. */
export async function passGate(run: RunContext, before?: FlowModule, outcome?: FlowOutcome): Promise<Gate> {
  const required = before?.suspend?.required_events ?? 0;
  if (before === undefined || required === 0 || outcome?.success !== true || outcome.skipped) {
    return { kind: "open", resumes: NO_RESUMES };
  }
  const suspended = { stepId: before.id, jobId: randomUUID(), result: outcome.result };
  run.emit({ kind: "suspended", stepId: before.id, result: outcome.result });
  if (run.approve === undefined) throw new SuspendedRun(suspended);
  const payloads: Json[] = [];
  const approvers: string[] = [];
  for (let event = 0; event < required; event += 1) {
    const answer = readAnswer(await run.approve(suspended), outcome.result);
    if (answer.refusal !== undefined) {
      if (before.suspend?.continue_on_disapprove_timeout !== true)
        return { kind: "refused", outcome: answer.refusal };
      return { kind: "open", resumes: { payloads: [...payloads, answer.refusal.result], approvers } };
    }
    payloads.push(answer.payload);
    approvers.push(answer.approver);
  }
  return { kind: "open", resumes: { payloads, approvers } };
}

type Answer =
  | { readonly refusal: JobOutcome }
  | { readonly refusal?: undefined; readonly payload: Json; readonly approver: string };

function readAnswer(approval: Approval, result: Json): Answer {
  switch (approval) {
    case "approve":
      return { payload: untouchedForm(result), approver: "local" };
    case "reject":
      return disapproved("local");
    case "time-out":
      return { refusal: errorOutcome("SuspendedTimedOut", "Timed out waiting to be resumed") };
    default:
      return approval.decision === "reject"
        ? disapproved(approval.approver ?? "unknown")
        : { payload: asJsonb(approval.payload), approver: approval.approver ?? "local" };
  }
}

function disapproved(approver: string): Answer {
  return { refusal: errorOutcome("SuspendedDisapproved", `Disapproved by ${approver}`) };
}

/** The approval page sends the step's `default_args` when the form is left alone. */
function untouchedForm(result: Json): Json {
  const defaults = isJsonObject(result) ? result["default_args"] : undefined;
  return defaults ?? {};
}
