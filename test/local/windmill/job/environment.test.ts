import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../../../../build/json.ts";
import { runScript } from "../../../../local/windmill/run-script.ts";
import { type Ran, step, useFixtures } from "../fixture-workspace.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const workspace = useFixtures();

/** What each job of a flow found in its environment, in the order in which they ended. */
function environments({ events }: Ran): readonly JsonObject[] {
  return events.flatMap((event) =>
    event.kind === "finished" && isJsonObject(event.result) ? [event.result] : [],
  );
}

const place = (environment: JsonObject | undefined) => ({
  job: environment?.["WM_FLOW_JOB_ID"],
  root: environment?.["WM_ROOT_FLOW_JOB_ID"],
  started: environment?.["WM_ROOT_JOB_ID"],
});

const look = (id: string, options = {}) => step(id, "environment", {}, options);
const once = { stop_after_if: { expr: "true", skip_if_stopped: false } };
const whileLoop = (modules: readonly object[]) => ({
  id: "wait",
  value: { type: "whileloopflow", skip_failures: false, modules },
});
const forLoop = (modules: readonly object[], parallel = false) => ({
  id: "each",
  value: {
    type: "forloopflow",
    iterator: { type: "static", value: ["a", "b"] },
    skip_failures: false,
    parallel,
    modules,
  },
});

test("a script run alone finds what a person's run has, and nothing of the host", async () => {
  process.env["SECRET_OF_THE_HOST"] = "x";
  const outcome = await runScript("environment", {}, { root: workspace.root });
  const environment = outcome.kind === "success" && isJsonObject(outcome.result) ? outcome.result : {};
  expect(environment).toMatchObject({
    TZ: "UTC",
    FORCE_COLOR: "1",
    BUN: "1.3.10",
    BASE_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    WM_WORKSPACE: "local",
    WM_JOB_ID: expect.stringMatching(uuid),
    WM_JOB_PATH: "f/starrocks_backup/environment",
    WM_FLOW_JOB_ID: "",
    WM_ROOT_FLOW_JOB_ID: "",
    WM_ROOT_JOB_ID: environment["WM_JOB_ID"],
    WM_FLOW_PATH: "",
    WM_FLOW_STEP_ID: "",
    WM_STATE_PATH: "f/starrocks_backup/environment/user",
    WM_OBJECT_PATH: expect.stringMatching(/^f_starrocks_backup_environment\/manual\/\d{13}_[0-9a-f-]{36}$/),
    WM_SCHEDULE_PATH: "",
    WM_SCHEDULED_FOR: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    WM_RUNNABLE_ID: expect.stringMatching(/^[0-9a-f]{16}$/),
    WM_END_USER_EMAIL: "",
  });
  expect(environment).not.toHaveProperty("BASE_INTERNAL_URL");
  expect(environment).not.toHaveProperty("SECRET_OF_THE_HOST");
});

describe("a step finds", () => {
  test("its flow", async () => {
    const ran = await workspace.run({ modules: [look("first")] });
    const [environment] = environments(ran);
    const flow = String(environment?.["WM_FLOW_PATH"]);
    expect(flow).toMatch(/^f\/starrocks_backup\/flow\d+$/);
    expect(environment).toMatchObject({
      WM_FLOW_STEP_ID: "first",
      WM_STATE_PATH: `${flow}/first_user`,
      WM_OBJECT_PATH: expect.stringContaining(`${flow.replaceAll("/", "_")}/manual/first/`),
      WM_SCHEDULED_FOR: expect.stringMatching(/Z$/),
    });
    const { job, root, started } = place(environment);
    expect([root, started]).toEqual([job, job]);
    const told = ran.events.flatMap((event) => (event.kind === "started" ? [event.rootJobId] : []));
    expect(told).toEqual([job]);
  });

  test("the iteration of a loop as its flow, and the flow as its root", async () => {
    const ran = await workspace.run({
      modules: [look("first"), whileLoop([look("poll", { ...once, sleep: { type: "static", value: 1 } })])],
    });
    const [first, poll] = environments(ran);
    expect(poll).toMatchObject({
      WM_FLOW_STEP_ID: "poll",
      WM_FLOW_PATH: `${first?.["WM_FLOW_PATH"]}/loop-0`,
      WM_STATE_PATH: `${first?.["WM_FLOW_PATH"]}/loop-0/poll_user`,
    });
    const { job, ...flow } = place(poll);
    expect(flow).toEqual({ root: place(first).job, started: place(first).job });
    expect(job).toMatch(uuid);
    expect(job).not.toBe(place(first).job);
  });

  test("each iteration in its path, also in the failure module's", async () => {
    const failing = step("work", "fail", {});
    const inner = forLoop([failing]);
    const ran = await workspace.run({ modules: [whileLoop([inner])], failure_module: look("failure") });
    expect(environments(ran).at(-1)).toMatchObject({
      WM_FLOW_STEP_ID: "failure",
      WM_FLOW_PATH: expect.stringMatching(/\/loop-0\/loop-0$/),
    });
  });

  test("a parallel iteration as its root", async () => {
    const ran = await workspace.run({ modules: [look("first"), forLoop([look("work")], true)] });
    const [first, ...iterations] = environments(ran);
    const paths = iterations.map((iteration) => String(iteration["WM_FLOW_PATH"]).replace(/^.*\//, ""));
    expect(paths.toSorted()).toEqual(["forloop-0", "forloop-1"]);
    for (const iteration of iterations) {
      const { job, root, started } = place(iteration);
      expect(root).toBe(job);
      expect(started).toBe(place(first).started);
    }
  });

  test("no iteration around a loop's only plain script, which has the loop's id", async () => {
    const ran = await workspace.run({ modules: [look("first"), forLoop([look("work")])] });
    const [first, ...iterations] = environments(ran);
    expect(iterations).toHaveLength(2);
    for (const iteration of iterations) {
      expect(iteration).toMatchObject({ WM_FLOW_STEP_ID: "each", WM_FLOW_PATH: first?.["WM_FLOW_PATH"] });
      expect(place(iteration)).toEqual(place(first));
    }
  });

  test("the branch it is in", async () => {
    const one = {
      id: "one",
      value: {
        type: "branchone",
        branches: [
          { expr: "false", modules: [] },
          { expr: "true", modules: [look("taken")] },
        ],
        default: [],
      },
    };
    const other = {
      id: "other",
      value: { type: "branchone", branches: [], default: [look("fallback")] },
    };
    const all = {
      id: "all",
      value: {
        type: "branchall",
        parallel: false,
        branches: [{ modules: [] }, { modules: [look("second")] }],
      },
    };
    const ran = await workspace.run({ modules: [one, other, all] });
    const paths = environments(ran).map((environment) =>
      String(environment["WM_FLOW_PATH"]).replace(/^.*\//, ""),
    );
    expect(paths).toEqual(["branchone-2", "branchone-0", "branchall-1"]);
  });

  test("the sub-flow as its root flow, and the flow around it as the job that was started", async () => {
    const inner = await workspace.flow({ modules: [look("deep")] });
    const sub = {
      id: "sub",
      value: { type: "flow", path: `f/starrocks_backup/${inner}`, input_transforms: {} },
    };
    const [first, deep] = environments(await workspace.run({ modules: [look("first"), sub] }));
    expect(deep).toMatchObject({ WM_FLOW_PATH: `f/starrocks_backup/${inner}` });
    expect(place(deep).root).toBe(place(deep).job);
    expect(place(deep).started).toBe(place(first).job);
  });
});
