import { describe, expect, test } from "vitest";
import { noteFailure, step, stepsRun, useFixtures } from "../fixture-workspace.ts";

const { run } = useFixtures();

describe("an approval", () => {
  const suspend = { suspend: { required_events: 1 } };
  const gated = (options: object = suspend) => ({
    modules: [
      step("plan", "echo", { value: "({ hash: 'h', default_args: { note: 'n' } })" }, options),
      step("verify", "echo", { value: "({ resume, approvers, hash: results.plan.hash })" }),
    ],
    failure_module: noteFailure,
  });

  test("that nobody gives ends the run as suspended, with the plan", async () => {
    const { outcome } = await run(gated());
    expect(outcome).toMatchObject({ kind: "suspended", stepId: "plan", result: { hash: "h" } });
  });

  test("reaches the step after it", async () => {
    const { outcome } = await run(gated(), {}, { approve: "approve" });
    expect(outcome).toEqual({
      kind: "success",
      result: { resume: { note: "n" }, approvers: ["local"], hash: "h" },
    });
  });

  test("may be given by a function that reads the plan", async () => {
    const { outcome } = await run(
      gated(),
      {},
      {
        approve: async ({ stepId, result }) => ({
          decision: "approve",
          payload: { stepId, result },
          approver: "ann",
        }),
      },
    );
    expect(outcome).toMatchObject({
      result: { resume: { stepId: "plan", result: { hash: "h" } }, approvers: ["ann"] },
    });
  });

  test("refused or timed out fails the flow and runs the failure module", async () => {
    const rejected = await run(gated(), {}, { approve: "reject" });
    expect(rejected.outcome).toMatchObject({ kind: "failure", result: { noted: "Disapproved by local" } });
    expect(stepsRun(rejected)).toEqual(["plan", "failure"]);
    const byAnn = await run(gated(), {}, { approve: async () => ({ decision: "reject", approver: "ann" }) });
    expect(byAnn.outcome).toMatchObject({ result: { noted: "Disapproved by ann" } });
  });

  test.each([
    ["time-out", { name: "SuspendedTimedOut", message: "Timed out waiting to be resumed" }],
    [{ decision: "reject" }, { name: "SuspendedDisapproved", message: "Disapproved by unknown" }],
  ] as const)("answered with %j ends in an error of two keys", async (approve, error) => {
    const { outcome } = await run({ ...gated(), failure_module: undefined }, {}, { approve });
    expect(outcome).toEqual({ kind: "failure", error, result: { error } });
  });

  test("is not asked for by a skipped or stopped step", async () => {
    const skipped = await run(gated({ ...suspend, skip_if: { expr: "true" } }));
    expect(skipped.outcome.kind).toBe("success");
    const stopped = await run(gated({ ...suspend, stop_after_if: { expr: "true", skip_if_stopped: false } }));
    expect(stopped.outcome).toMatchObject({ kind: "success", result: { hash: "h" } });
  });
});
