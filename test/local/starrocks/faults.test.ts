import { afterAll, beforeAll, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";
import { one } from "../../support/jobs.ts";

let embedded: Embedded;
beforeAll(async () => {
  embedded = await startEmbedded();
  await embedded.client.run("CREATE DATABASE d");
  await embedded.client.run(`CREATE TABLE d.t (id INT) ${one}`);
});
afterAll(() => embedded.close());

const count = async () => (await embedded.client.rows("SELECT count(*) AS n FROM d.t"))[0]?.["n"];

test("fails the next matching statements with a given error, then no more", async () => {
  embedded.server.faults.add({
    match: /^BACKUP/,
    times: 2,
    error: { code: 5064, state: "42000", message: "busy" },
  });
  expect(await embedded.client.refusal("BACKUP SNAPSHOT d.s TO r")).toEqual({
    code: 5064,
    sqlState: "42000",
    message: "busy",
  });
  expect(await embedded.client.refusal("BACKUP SNAPSHOT d.s TO r")).toMatchObject({ message: "busy" });
  expect((await embedded.client.refusal("BACKUP SNAPSHOT d.s TO r")).message).toContain(
    "Repository [r] does not exist",
  );
});

test("loses the answer of a statement that ran, or the statement itself", async () => {
  const before = Number(await count());
  embedded.server.faults.add({ match: /VALUES \(1\)/, drop: "after" });
  const first = await embedded.connect();
  expect((await first.refusal("INSERT INTO d.t VALUES (1)")).message).toMatch(/closed|ECONNRESET/i);
  expect(Number(await count())).toBe(before + 1);
  embedded.server.faults.add({ match: /VALUES \(2\)/, drop: "before" });
  const second = await embedded.connect();
  expect((await second.refusal("INSERT INTO d.t VALUES (2)")).message).toMatch(/closed|ECONNRESET/i);
  expect(Number(await count())).toBe(before + 1);
});

test("delays", async () => {
  const remove = embedded.server.faults.add({ match: /delayed/, delayMs: 120, times: 5 });
  const start = Date.now();
  await embedded.client.rows("SELECT 'delayed' AS a");
  expect(Date.now() - start).toBeGreaterThanOrEqual(115);
  remove();
  expect(await embedded.client.rows("SELECT 'delayed' AS a")).toEqual([{ a: "delayed" }]);
});
