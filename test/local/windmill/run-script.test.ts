import { describe, expect, test } from "vitest";
import type { RunEvent } from "../../../local/windmill/events.ts";
import { runScript } from "../../../local/windmill/run-script.ts";
import { useFixtures } from "./fixture-workspace.ts";

const workspace = useFixtures();

describe("a script run alone", () => {
  test("gets its arguments by name and resolved references", async () => {
    const outcome = await runScript(
      "echo",
      { unknown: 1, value: { login: "$res:f/ops/db", list: ["$var:f/ops/pw"] } },
      {
        root: workspace.root,
        resources: { "f/ops/db": { password: "$var:f/ops/pw" }, "f/ops/pw": "secret" },
      },
    );
    expect(outcome).toEqual({ kind: "success", result: { login: { password: "secret" }, list: ["secret"] } });
  });

  test("returns null for undefined", async () => {
    expect(await runScript("echo", {}, { root: workspace.root })).toEqual({ kind: "success", result: null });
  });

  test("returns what JSON makes of its result", async () => {
    const outcome = await runScript("values", {}, { root: workspace.root });
    expect(outcome).toEqual({
      kind: "success",
      result: { big: "18446744073709551616", missing: null, nan: null, when: "1970-01-01T00:00:00.000Z" },
    });
  });

  test("fails and keeps its result with wm_failure", async () => {
    const outcome = await runScript("values", { fail: "lost" }, { root: workspace.root });
    expect(outcome).toMatchObject({
      kind: "failure",
      error: { name: "ManualFailure", message: "lost" },
      result: { big: "18446744073709551616", wm_failure: "lost" },
    });
  });

  test("fails with every own property of what it throws", async () => {
    const outcome = await runScript("fail", { message: "no disk" }, { root: workspace.root });
    expect(outcome).toMatchObject({
      kind: "failure",
      error: {
        name: "StarRocksBackupError",
        message: "no disk",
        stack: "Try again.",
        extra: { code: "STEP_FAILED", next: "Try again.", retriable: true },
      },
    });
    // What the driver threw carries the statement.
    expect(JSON.stringify(outcome)).not.toContain("secret");
  });

  test("of which the log gets one line, without the source around it", async () => {
    const lines: string[] = [];
    const onEvent = (event: RunEvent) => event.kind === "log" && lines.push(event.line);
    const outcome = await runScript(
      "fail",
      { message: "no disk\nnor tape" },
      { root: workspace.root, onEvent },
    );
    expect(lines).toEqual(["STEP_FAILED: no disk ⏎ nor tape Try again."]);
    expect(outcome).toMatchObject({
      error: {
        message: "no disk\nnor tape",
        stack: "Try again.",
        extra: { code: "STEP_FAILED", next: "Try again.", retriable: true },
      },
    });
  });

  test("tells its log", async () => {
    const events: RunEvent[] = [];
    await runScript(
      "append",
      { file: "/dev/null" },
      { root: workspace.root, onEvent: (event) => events.push(event) },
    );
    expect(events.map(({ kind }) => kind)).toEqual(["started", "log", "finished"]);
    expect(events[1]).toMatchObject({ stream: "stdout", line: "appended" });
  });

  test("must be built", async () => {
    await expect(runScript("nope", {}, { root: workspace.root })).rejects.toThrow(
      /no script .*nope.*Built are: append/,
    );
    await expect(runScript("nope", {}, { root: "/no/where" })).rejects.toThrow("npm run build");
  });
});
