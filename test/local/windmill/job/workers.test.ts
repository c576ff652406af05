import { describe, expect, test } from "vitest";
import type { RunEvent } from "../../../../local/windmill/events.ts";
import { Workers } from "../../../../local/windmill/job/workers.ts";
import { runScript } from "../../../../local/windmill/run-script.ts";
import { step, useFixtures } from "../fixture-workspace.ts";

const workspace = useFixtures();

/** The most jobs that ran at the same time, read from the order of their starts and ends. */
function mostAtOnce(events: readonly RunEvent[]): number {
  let running = 0;
  let most = 0;
  for (const { kind } of events) {
    if (kind === "started") running += 1;
    if (kind === "finished") running -= 1;
    most = Math.max(most, running);
  }
  return most;
}

const slow = { file: "/dev/null", wait_ms: 300 };

describe("workers", () => {
  test.each([1, 2, undefined])("run at most %s jobs at once", async (count) => {
    const events: RunEvent[] = [];
    const options = {
      root: workspace.root,
      onEvent: (event: RunEvent) => events.push(event),
      ...(count !== undefined && { workers: new Workers(count) }),
    };
    await Promise.all([1, 2, 3].map(() => runScript("append", slow, options)));
    expect(mostAtOnce(events)).toBe(count ?? 3);
  });

  test("are free while a flow sleeps, waits for an approval or for a retry", async () => {
    const workers = new Workers(1);
    const ran: string[] = [];
    const meanwhile = async (name: string) => {
      await runScript("echo", {}, { root: workspace.root, workers });
      ran.push(name);
    };
    const retry = { retry: { constant: { attempts: 1, seconds: 1 } }, continue_on_error: true };
    const modules = [
      step("nap", "echo", {}, { sleep: { type: "static", value: 1 } }),
      step("gate", "echo", {}, { suspend: { required_events: 1 } }),
      step("again", "fail", {}, retry),
    ];
    const { outcome } = await workspace.run(
      { modules },
      {},
      {
        workers,
        sleep: () => meanwhile("sleep"),
        approve: async () => {
          await meanwhile("approval");
          return "approve";
        },
      },
    );
    expect(outcome.kind).toBe("success");
    expect(ran).toEqual(["sleep", "approval", "sleep"]);
  });

  test("take jobs in the order in which they came, from whatever run", async () => {
    const workers = new Workers(1);
    const order: string[] = [];
    const flow = workspace.run(
      { modules: [step("one", "echo"), step("two", "echo")] },
      {},
      {
        workers,
        onEvent: (event) => event.kind === "started" && order.push(event.stepId),
      },
    );
    const script = workers.hold(new AbortController().signal, async () => {
      await flowHasQueued();
      order.push("script");
    });
    await Promise.all([flow, script]);
    expect(order[0]).toBe("script");
    expect(order.slice(1)).toEqual(["one", "two"]);
  });
});

/** The flow's first step has to read its files before it stands in line. */
async function flowHasQueued(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 500));
}
