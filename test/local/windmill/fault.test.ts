import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { FaultPlan, RunningStep } from "../../../local/windmill/job/fault.ts";
import { runFlow } from "../../../local/windmill/run-flow.ts";
import { type FixtureWorkspace, fixtureWorkspace, step } from "./fixture-workspace.ts";

let workspace: FixtureWorkspace;
beforeAll(async () => {
  workspace = await fixtureWorkspace();
});

async function appendUnder(faults: FaultPlan, waitMs = 0) {
  const file = join(await mkdtemp(join(tmpdir(), "faults-")), "lines");
  const flow = await workspace.flow({
    modules: [step("one", "append", { file: "flow_input.file", wait_ms: waitMs })],
  });
  const outcome = await runFlow(flow, { file }, { root: workspace.root, faults });
  const jobIds = (await readFile(file, "utf8")).trim().split("\n");
  return { outcome, jobIds };
}

const onFirst = (fault: ReturnType<FaultPlan>) => (running: RunningStep) =>
  running.execution === 0 ? fault : undefined;

describe("a worker's death", () => {
  test("after the side effect runs the step again under the same job id", async () => {
    const plan = onFirst({ kind: "kill-and-restart", when: (process) => process.line(/appended/) });
    const { outcome, jobIds } = await appendUnder(plan, 400);
    expect(outcome).toEqual({ kind: "success", result: 2 });
    expect(new Set(jobIds).size).toBe(1);
  });

  test("before the result is stored runs the whole step twice", async () => {
    const { outcome, jobIds } = await appendUnder(onFirst({ kind: "lose-result-and-restart" }));
    expect(outcome).toEqual({ kind: "success", result: 2 });
    expect(new Set(jobIds).size).toBe(1);
  });

  test("is survived three times, then fails the job", async () => {
    const { outcome, jobIds } = await appendUnder(() => ({ kind: "lose-result-and-restart" }));
    expect(outcome).toMatchObject({
      kind: "failure",
      error: { message: expect.stringContaining("restarted 3 times") },
    });
    expect(jobIds).toHaveLength(4);
  });

  test("that was only a stall lets two executions run at once", async () => {
    const { outcome, jobIds } = await appendUnder(onFirst({ kind: "run-twice-at-once" }), 800);
    expect(outcome).toEqual({ kind: "success", result: 2 });
    expect(jobIds).toHaveLength(2);
    expect(new Set(jobIds).size).toBe(1);
  });
});

test("a killed step without a restart fails and says how it ended", async () => {
  const { outcome } = await appendUnder(
    () => ({ kind: "kill", when: (process) => process.line(/appended/) }),
    5000,
  );
  expect(outcome).toMatchObject({
    kind: "failure",
    error: { message: expect.stringContaining("signal SIGKILL"), step_id: "one" },
  });
});
