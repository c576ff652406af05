import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Lab, one, startLab } from "./support.ts";

let lab: Lab;

beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.end());
beforeEach(async () => {
  await lab.client.run("DROP DATABASE IF EXISTS d FORCE");
  await lab.client.run("CREATE DATABASE d");
  await lab.client.run(`CREATE TABLE d.t (k INT, v INT) DUPLICATE KEY (k) ${one}`);
  await lab.client.run("INSERT INTO d.t VALUES (1, 10)");
});

it("a field list of another length is refused", async () => {
  for (const names of ["(a)", "(a, b, c)"])
    expect(await lab.client.failure(`CREATE VIEW d.w ${names} AS SELECT k, v FROM d.t`)).toEqual({
      code: 1353,
      state: "HY000",
      message:
        "Getting analyzing error. Detail message: View's SELECT and view's field list have different column counts.",
    });
});

it("a column twice is refused", async () => {
  for (const view of ["w AS SELECT k, k FROM d.t", "w (a, a) AS SELECT k, v FROM d.t"])
    expect((await lab.client.failure(`CREATE VIEW d.${view}`)).message).toMatch(
      /^Getting analyzing error\. Detail message: Duplicate column name '[ak]'\.$/,
    );
  await lab.client.run("CREATE VIEW d.w (a, b) AS SELECT k, k FROM d.t");
});

it("a star means the columns there were when the view was made", async () => {
  await lab.client.run("CREATE VIEW d.w AS SELECT * FROM d.t");
  await lab.client.run(
    "CREATE VIEW d.w2 AS WITH c AS (SELECT t.* FROM d.t) SELECT * FROM c JOIN d.w USING (k, v)",
  );
  await lab.client.run("ALTER TABLE d.t ADD COLUMN more INT DEFAULT '7' AFTER k");
  expect(await lab.client.rows("SELECT * FROM d.w")).toEqual([{ k: 1, v: 10 }]);
  expect(await lab.client.rows("SELECT * FROM d.w2")).toEqual([{ k: 1, v: 10 }]);
  expect(await lab.client.rows("SELECT * FROM d.t")).toEqual([{ k: 1, more: 7, v: 10 }]);
  await lab.client.run("ALTER TABLE d.t DROP COLUMN v");
  expect((await lab.client.failure("SELECT * FROM d.w")).message).toMatch(/Column 'v' cannot be resolved/);
});
