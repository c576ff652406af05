import { afterAll, beforeAll, expect, it } from "vitest";
import { type Lab, one, startLab } from "./support.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.client.run("CREATE DATABASE d");
  await lab.client.run(`CREATE TABLE d.t (id INT) ${one}`);
});
afterAll(() => lab.end());

const count = async () => (await lab.client.rows("SELECT count(*) AS n FROM d.t"))[0]?.["n"];

it("fails the next matching statements with a given error, then no more", async () => {
  lab.server.faults.add({
    match: /^BACKUP/,
    times: 2,
    error: { code: 5064, state: "42000", message: "busy" },
  });
  expect(await lab.client.failure("BACKUP SNAPSHOT d.s TO r")).toEqual({
    code: 5064,
    state: "42000",
    message: "busy",
  });
  expect(await lab.client.failure("BACKUP SNAPSHOT d.s TO r")).toMatchObject({ message: "busy" });
  expect((await lab.client.failure("BACKUP SNAPSHOT d.s TO r")).message).toContain(
    "Repository [r] does not exist",
  );
});

it("loses the answer of a statement that ran, or the statement itself", async () => {
  const before = Number(await count());
  lab.server.faults.add({ match: /VALUES \(1\)/, drop: "after" });
  const first = await lab.connect();
  expect((await first.failure("INSERT INTO d.t VALUES (1)")).message).toMatch(/closed|ECONNRESET/i);
  expect(Number(await count())).toBe(before + 1);
  lab.server.faults.add({ match: /VALUES \(2\)/, drop: "before" });
  const second = await lab.connect();
  expect((await second.failure("INSERT INTO d.t VALUES (2)")).message).toMatch(/closed|ECONNRESET/i);
  expect(Number(await count())).toBe(before + 1);
});

it("delays", async () => {
  const remove = lab.server.faults.add({ match: /delayed/, delayMs: 120, times: 5 });
  const start = Date.now();
  await lab.client.rows("SELECT 'delayed' AS a");
  expect(Date.now() - start).toBeGreaterThanOrEqual(115);
  remove();
  expect(await lab.client.rows("SELECT 'delayed' AS a")).toEqual([{ a: "delayed" }]);
});
