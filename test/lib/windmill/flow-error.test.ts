import { expect, test } from "vitest";
import { runError } from "../../../lib/windmill/errors/flow-error.ts";

const killed =
  "execution error:\nprocess terminated by signal: Some(\n    9,\n), stopped_signal: None, core_dumped: false";

// Messages as Windmill 1.788 writes them.
test.each([
  [
    "ExecutionErr",
    killed,
    "STEP_KILLED",
    "Step poll was killed, most likely because the worker ran out of memory.",
  ],
  ["ExecutionErr", killed.replace("9", "11"), "STEP_KILLED", "Step poll was killed by signal 11."],
  [
    "ExecutionErr",
    'exit code for "bun run": 137, last log lines:\nListed 3 tables',
    "STEP_KILLED",
    "Step poll was killed, most likely because the worker ran out of memory.",
  ],
  [
    "ExecutionErr",
    'exit code for "bun run": 1, last log lines:\nerror: x',
    "STEP_KILLED",
    "Step poll ended without a result (exit code 1).",
  ],
  [
    "ExecutionErr",
    "execution error:\njob process terminated due to timeout after exceeding job-specific duration limit",
    "STEP_KILLED",
    "Step poll ran into Windmill's time limit and was killed.",
  ],
  [
    "ExecutionErr",
    "execution error:\njob process terminated due to cancelled by ruben",
    "STEP_KILLED",
    "Step poll was cancelled by ruben.",
  ],
  [
    "ExecutionErr",
    'Job timed out after no ping from job since 2026-01-01 (ZOMBIE_JOB_TIMEOUT: 30, reason: "RestartLimit").\nThis likely means that the job died on worker w1',
    "STEP_KILLED",
    "Step poll was lost: its worker died, or could not be reached any more.",
  ],
  [
    "ExecutionErr",
    "execution error:\nNot found: Resource f/ops/starrocks not found for `starrocks`: Not found: Resource f/ops/starrocks not found",
    "RESOURCE_MISSING",
    "There is no resource f/ops/starrocks, or the user of this run may not read it.",
  ],
  [
    "ExecutionErr",
    "execution error:\nNot found: Resource f/ops/starrocks not found for `starrocks`: Not found: Variable f/ops/password not found",
    "VARIABLE_MISSING",
    "There is no variable f/ops/password, which the resource f/ops/starrocks names, or the user of this run may not read it.",
  ],
  [
    "ExecutionErr",
    "execution error:\nsomething\nnew",
    "STEP_FAILED",
    "Step poll could not be executed: something ⏎ new",
  ],
  [
    "SuspendedDisapproved",
    "Disapproved by ruben",
    "REJECTED",
    "The plan was rejected by ruben; nothing was changed.",
  ],
  [
    "SuspendedDisapproved",
    "Disapproved by unknown",
    "REJECTED",
    "The plan was rejected; nothing was changed.",
  ],
  [
    "SuspendedTimedOut",
    "Timed out waiting to be resumed",
    "APPROVAL_TIMED_OUT",
    "Nobody approved the plan in time; nothing was changed.",
  ],
])("%s %j is told as %s", (name, message, code, told) => {
  const error = runError({ name, message, step_id: "poll" });
  expect(error).toEqual({ code, message: told, next: expect.stringMatching(/run again|wanted|Plan again/) });
});

test("what a script has thrown keeps its words, whatever it is called", () => {
  const extra = { code: "UNKNOWN_GROUP", next: "Name another." };
  expect(runError({ name: "ExecutionErr", message: "There is no group x.", extra })).toEqual({
    code: "UNKNOWN_GROUP",
    message: "There is no group x.",
    next: "Name another.",
  });
  expect(runError({})).toMatchObject({ code: "STEP_FAILED", next: expect.stringContaining("log") });
});
