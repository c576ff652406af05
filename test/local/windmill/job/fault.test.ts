import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isJsonObject } from "../../../../build/json.ts";
import type { FaultPlan, RunningStep } from "../../../../local/windmill/job/fault.ts";
import { runFlow } from "../../../../local/windmill/run-flow.ts";
import { step, useFixtures } from "../fixture-workspace.ts";

const workspace = useFixtures();

async function appendUnder(
  faults: FaultPlan,
  { waitMs = 0, retry }: { waitMs?: number; retry?: object } = {},
) {
  const file = join(await mkdtemp(join(tmpdir(), "faults-")), "lines");
  const flow = await workspace.flow({
    modules: [step("one", "append", { file: "flow_input.file", wait_ms: waitMs }, { retry })],
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
    const { outcome, jobIds } = await appendUnder(plan, { waitMs: 400 });
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
      error: { name: "ExecutionErr", message: expect.stringContaining('reason: "RestartLimit (3)"') },
    });
    expect(jobIds).toHaveLength(4);
  });

  test("that was only a stall lets two executions run at once", async () => {
    const { outcome, jobIds } = await appendUnder(onFirst({ kind: "run-twice-at-once" }), { waitMs: 800 });
    expect(outcome).toEqual({ kind: "success", result: 2 });
    expect(jobIds).toHaveLength(2);
    expect(new Set(jobIds).size).toBe(1);
  });
});

describe("a step's process that is killed", () => {
  const killed: ReturnType<FaultPlan> = { kind: "kill", when: (process) => process.line(/appended/) };

  test("fails its step, with an error that has no extra", async () => {
    const { outcome } = await appendUnder(() => killed, { waitMs: 5000 });
    expect(outcome).toMatchObject({
      error: {
        name: "ExecutionErr",
        message:
          "execution error:\nprocess terminated by signal: Some(\n    9,\n), stopped_signal: None, core_dumped: false",
        step_id: "one",
      },
    });
    const error = outcome.kind === "failure" && isJsonObject(outcome.error) ? outcome.error : {};
    expect(Object.keys(error)).toEqual(["name", "message", "step_id"]);
  });

  test("is followed by the flow's retry, in a new job", async () => {
    let kills = 0;
    const once: FaultPlan = () => (kills++ === 0 ? killed : undefined);
    const retry = {
      constant: { attempts: 1, seconds: 0 },
      retry_if: { expr: "error.extra?.retriable !== false" },
    };
    const { outcome, jobIds } = await appendUnder(once, { waitMs: 400, retry });
    expect(outcome).toEqual({ kind: "success", result: 2 });
    expect(new Set(jobIds).size).toBe(2);
  });
});

test("a job whose worker is lost too often is not retried by its flow", async () => {
  const retry = { constant: { attempts: 1, seconds: 0 } };
  const { jobIds } = await appendUnder(() => ({ kind: "lose-result-and-restart" }), { retry });
  expect(new Set(jobIds).size).toBe(1);
});
