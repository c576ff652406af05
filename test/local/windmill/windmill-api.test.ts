import { expect, test } from "vitest";
import type { RunEvent } from "../../../local/windmill/events.ts";
import { runScript } from "../../../local/windmill/run-script.ts";
import { withWindmillApi } from "../../../local/windmill/windmill-api.ts";
import { useFixtures } from "./fixture-workspace.ts";

const workspace = useFixtures();

test("windmill-client reports progress and asks for resume addresses", async () => {
  const { root } = workspace;
  const events: RunEvent[] = [];
  const outcome = await runScript("progress", {}, { root, onEvent: (event) => events.push(event) });
  expect(outcome).toMatchObject({
    kind: "success",
    result: { approvalPage: expect.stringContaining("http") },
  });
  expect(events).toContainEqual({ kind: "progress", jobId: expect.any(String), percent: 42 });
});

test("any other call is refused by name", async () => {
  await withWindmillApi(
    () => undefined,
    async (address) => {
      const response = await fetch(`${address}/api/w/local/variables/get/f/ops/pw`);
      expect(response.status).toBe(501);
      expect(await response.text()).toContain("variables/get/f/ops/pw");
    },
  );
});
