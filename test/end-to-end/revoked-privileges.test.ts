import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunOutcome } from "../../local/windmill/run-flow.ts";
import type { JsonObject } from "../../windmill/json.ts";
import { heldSlots } from "../support/catalog-rows.ts";
import { failure, succeeded } from "../support/outcomes.ts";
import { daily, numbers, tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
let starrocks: JsonObject;
/** BACKUP and RESTORE statements that StarRocks took. */
let submissions: string[];
/** A privilege that is taken away when a statement has been done. */
let next: { readonly after: RegExp; readonly privilege: string } | undefined;

const user = "'br'@'%'";
const grants = [
  "REPOSITORY ON SYSTEM",
  "EXPORT, SELECT, INSERT, ALTER, DROP ON ALL TABLES IN DATABASE shop",
  "CREATE TABLE ON DATABASE shop",
  "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN DATABASE ops",
];
const newest = { target_time: "2099-01-01 00:00", tables: ["shop.orders"] };

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, (client) => daily(client, "shop", "orders"));
  await it.client.run(`CREATE USER ${user} IDENTIFIED BY 'pw'`);
  for (const each of grants) await grant(each);
  starrocks = { ...it.resource, user: "br", password: "pw" };
  submissions = [];
  next = undefined;
  it.starrocks.faults.add({
    match: /./,
    times: Number.POSITIVE_INFINITY,
    after: async (sql) => {
      if (/^(BACKUP|RESTORE) /.test(sql)) submissions.push(sql);
      if (next === undefined || !next.after.test(sql)) return;
      const { privilege } = next;
      next = undefined;
      await revoke(privilege);
    },
  });
});
afterEach(() => it.close());

const revoke = (what: string) => it.client.run(`REVOKE ${what} FROM USER ${user}`);
const grant = (what: string) => it.client.run(`GRANT ${what} TO USER ${user}`);

async function pollAs(who: JsonObject, run_id: string): Promise<RunOutcome> {
  for (;;) {
    const outcome = await it.call("poll", { starrocks: who, run_id, wait_seconds: 60 });
    if (outcome.kind === "failure" || succeeded(outcome)["done"] === true) return outcome;
  }
}

const stateOf = async (runId: string) =>
  (await it.client.rows(`SELECT state FROM ops.runs WHERE run_id = '${runId}'`))[0]?.["state"];

/** All that a user can read of why a run ended. */
async function told(outcome: RunOutcome): Promise<string> {
  const errors = await it.client.rows("SELECT error_message, error_next FROM ops.runs");
  return JSON.stringify([outcome, errors]);
}

/** Nothing of a run is left but its record. */
async function expectEnded(runId: string): Promise<void> {
  expect(["FAILED", "CANCELLED", "FINISHED"]).toContain(await stateOf(runId));
  expect(await heldSlots(it.client)).toEqual([]);
}

/** What may not be dropped is named where the run says why it failed, or what a person should know of what it restored. */
async function expectNamed(temporary: string): Promise<void> {
  const [row] = await it.client.rows(
    "SELECT concat_ws(' ', error_message, notices) AS said FROM ops.restore_history",
  );
  const [, mark = "?"] = /__r_([^_]+)/.exec(temporary) ?? [];
  expect(row?.["said"]).toMatch(new RegExp(`shop\\.${temporary}|under a name with ${mark}`));
}

const temporaries = async () => (await tableNames(it.client, "shop")).filter((name) => /__r_/.test(name));

/** A restore of what these hold copies rows of one part into the other. */
async function twoBackups(): Promise<void> {
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 5)");
  await it.backUp({ group: "g", type: "incremental" });
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 7)");
}

const insertOnOps = "INSERT ON ALL TABLES IN DATABASE ops";
const updateOnOps = "UPDATE ON ALL TABLES IN DATABASE ops";
const selectOnOps = "SELECT ON ALL TABLES IN DATABASE ops";
const onShop = (privilege: string) => `${privilege} ON ALL TABLES IN DATABASE shop`;

/** Steps of a restore, by the statement after which the privilege goes. */
test.each([
  ["the submission", /^RESTORE /, "REPOSITORY ON SYSTEM"],
  ["the submission", /^RESTORE /, onShop("ALTER")],
  ["the submission", /^RESTORE /, onShop("SELECT")],
  ["the submission", /^RESTORE /, onShop("DROP")],
  ["the submission", /^RESTORE /, insertOnOps],
  ["the submission", /^RESTORE /, updateOnOps],
  ["the submission", /^RESTORE /, selectOnOps],
  ["the exchange", / SWAP WITH /, onShop("ALTER")],
  ["the exchange", / SWAP WITH /, onShop("DROP")],
  ["the exchange", / SWAP WITH /, insertOnOps],
  ["the exchange", / SWAP WITH /, updateOnOps],
  ["the assembly", /^CREATE TABLE `shop`/, onShop("INSERT")],
  ["the assembly", /^INSERT INTO `shop`/, onShop("DROP")],
  ["the assembly", /^INSERT INTO `shop`/, onShop("ALTER")],
] as const)("a restore that after %s (%s) lacks %s can be ended and made again", async (_, match, what) => {
  await twoBackups();
  submissions.length = 0;
  const plan = succeeded(await it.call("restore_plan", { starrocks, ...newest }));
  const { run_id = null, plan_hash = null } = plan;
  const runId = String(run_id);
  next = { after: match, privilege: what };
  const started = await it.call("restore", { starrocks, run_id, plan_hash, approved: true });
  const polled = started.kind === "failure" ? started : await pollAs(starrocks, runId);
  const seen = await told(polled);
  const rows = await numbers(it.client, "shop.orders");
  expect(rows.length).toBeGreaterThanOrEqual(6);
  if ((await stateOf(runId)) !== "FINISHED") expect(seen).toMatch(/Access denied.*privilege/);
  await grant(what);
  succeeded(await it.call("cancel", { starrocks, run_id }));
  await expectEnded(runId);
  for (const left of await temporaries()) await expectNamed(left);
  expect(new Set(submissions).size).toBe(submissions.length);
  await it.restore({ starrocks, ...newest });
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 5, 1, 2, 3, 4]);
});

test.each([
  ["the plan", /^INSERT INTO `ops`.`runs`/, "REPOSITORY ON SYSTEM"],
  ["the plan", /^INSERT INTO `ops`.`runs`/, onShop("EXPORT")],
  ["the submission", /^BACKUP /, "REPOSITORY ON SYSTEM"],
  ["the submission", /^BACKUP /, onShop("EXPORT")],
  ["the submission", /^BACKUP /, insertOnOps],
  ["the submission", /^BACKUP /, updateOnOps],
  ["the submission", /^BACKUP /, selectOnOps],
] as const)("a backup that after %s (%s) lacks %s can be ended and made again", async (_, match, what) => {
  next = { after: match, privilege: what };
  const { run_id = null } = succeeded(await it.call("plan", { starrocks, group: "g", type: "full" }));
  const runId = String(run_id);
  const polled = await pollAs(starrocks, runId);
  const seen = await told(polled);
  if ((await stateOf(runId)) !== "FINISHED") expect(seen).toMatch(/lacks|Access denied|privilege|No table/);
  await grant(what);
  succeeded(await it.call("cancel", { starrocks, run_id }));
  await expectEnded(runId);
  expect(submissions.length).toBeLessThan(2);
  await it.backUp({ starrocks, group: "g", type: "full" });
  await it.client.run("TRUNCATE TABLE shop.orders");
  await it.restore({ starrocks, ...newest });
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
});

test("a restored table that may not be exchanged nor taken away any more is named, and nothing live is touched", async () => {
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 7)");
  const plan = succeeded(await it.call("restore_plan", { starrocks, ...newest }));
  const { run_id = null, plan_hash = null } = plan;
  next = { after: / RENAME /, privilege: onShop("ALTER") };
  succeeded(await it.call("restore", { starrocks, run_id, plan_hash, approved: true }));
  await pollAs(starrocks, String(run_id));
  await expectEnded(String(run_id));
  const { code, message } = failure(await it.call("report", { starrocks, run_id }));
  const [left = ""] = await temporaries();
  const [, mark = "?"] = /__r_([^_]+)/.exec(left) ?? [];
  expect(code).toBe("RESTORE_FAILED");
  expect(message).toContain(`is left in shop under a name with ${mark}`);
  expect(await numbers(it.client, "shop.orders")).toHaveLength(6);
  const error = failure(await it.call("restore_plan", { starrocks, ...newest }));
  expect(error.next).toContain(`GRANT ALTER ON ALL TABLES IN DATABASE \`shop\` TO USER ${user};`);
  await grant(onShop("ALTER"));
  await it.restore({ starrocks, ...newest });
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
});

/** Codes of a refusal up to 3.0, of 3.1 and 3.2, and later (starrocks.md §15). */
const codes = [1227, 1252, 5203];
const denied =
  "Access denied; you need (at least one of) the REPOSITORY privilege(s) on SYSTEM for this operation.";

test.each(codes)("a restore that is refused with %i is sent once, and is over", async (code) => {
  await it.backUp({ group: "g", type: "full" });
  const plan = succeeded(await it.call("restore_plan", { starrocks, ...newest }));
  const { run_id = null, plan_hash = null } = plan;
  let sent = 0;
  it.starrocks.faults.clear();
  it.starrocks.faults.add({
    match: /^RESTORE /,
    times: Number.POSITIVE_INFINITY,
    before: async () => void sent++,
    error: { code, message: denied },
  });
  await it.call("restore", { starrocks, run_id, plan_hash, approved: true });
  await pollAs(starrocks, String(run_id));
  await expectEnded(String(run_id));
  expect(sent).toBe(1);
  expect(failure(await it.call("report", { starrocks, run_id })).message).toContain("REPOSITORY privilege");
});

test.each(codes)("a restore whose job may not be looked at any more (%i) is not sent again", async (code) => {
  await it.backUp({ group: "g", type: "full" });
  const plan = succeeded(await it.call("restore_plan", { starrocks, ...newest }));
  const { run_id = null, plan_hash = null } = plan;
  submissions.length = 0;
  await it.starrocks.ticker.pause();
  await it.call("restore", { starrocks, run_id, plan_hash, approved: true });
  expect(submissions).toHaveLength(1);
  it.starrocks.faults.clear();
  it.starrocks.faults.add({
    match: /^(SHOW RESTORE|RESTORE) /,
    times: Number.POSITIVE_INFINITY,
    error: { code, message: denied },
  });
  await it.call("poll", { starrocks, run_id, wait_seconds: 1 });
  expect(["RUNNING", "FAILED"]).toContain(await stateOf(String(run_id)));
  it.starrocks.faults.clear();
  it.starrocks.ticker.start();
  await it.ticks(20);
  succeeded(await it.call("cancel", { starrocks, run_id }));
  await pollAs(starrocks, String(run_id));
  await expectEnded(String(run_id));
  expect(await temporaries()).toEqual([]);
  await it.restore({ starrocks, ...newest });
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
});
