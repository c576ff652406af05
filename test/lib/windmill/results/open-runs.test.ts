import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { OpenRun } from "../../../../lib/catalog/open-runs.ts";
import { html } from "../../../../lib/windmill/results/html.ts";
import { markdown } from "../../../../lib/windmill/results/markdown.ts";
import { openRun, openRunBlocks } from "../../../../lib/windmill/results/open-runs.ts";

const id = "01a21586-b327-55f3-9ae7-bb1c893f8081";

function open(change: Partial<OpenRun> = {}): OpenRun {
  return {
    runId: "backup_0a1b2c3d",
    operation: "backup",
    state: "RUNNING",
    group: "critical",
    databases: ["sales_db"],
    jobId: id,
    ageSeconds: 3700,
    silentSeconds: 10,
    waitingFor: "sales_db_1_full: UPLOADING",
    ...change,
  };
}

beforeEach(() => {
  vi.stubEnv("WM_BASE_URL", "https://wm.example.com/");
  vi.stubEnv("WM_WORKSPACE", "a b");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test("the page of a run's job is a link", () => {
  const address = `https://wm.example.com/run/${id}?workspace=a%20b`;
  expect(openRun(open())["job_link"]).toBe(address);
  expect(html(openRunBlocks([open()]))).toContain(`href="${address}">${id}</a>`);
  expect(markdown(openRunBlocks([open()]))).toContain(`[${id}](<${address}>)`);
});

test.each(["javascript:alert(1)", "../../x", "01a21586-b327-55f3-9ae7-bb1c893f8081/../x", ""])(
  "what was written into the catalog as the job %s becomes no address",
  (jobId) => {
    expect(openRun(open({ jobId }))["job_link"]).toBeNull();
    expect(html(openRunBlocks([open({ jobId })]))).not.toContain("<a ");
    expect(markdown(openRunBlocks([open({ jobId })]))).not.toContain("](");
  },
);

test.each<[string, Partial<OpenRun>, string]>([
  ["at work", { waitingFor: undefined }, "is at work"],
  ["waiting", {}, "waits: sales_db_1_full: UPLOADING"],
  ["silent", { silentSeconds: 700 }, "nobody works for it; waits"],
  ["a restore that is planned", { operation: "restore", state: "PLANNED" }, "waits for an approval"],
  ["a backup that is planned", { state: "PLANNED" }, "is planned"],
  ["old", {}, "1h"],
])("a run that is %s is shown so", (_, change, text) => {
  expect(html(openRunBlocks([open(change)]))).toContain(text);
});

test("nothing open is said, too", () => {
  expect(html(openRunBlocks([]))).toContain("No run is open.");
});
