import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";
import { one } from "../../support/jobs.ts";

let embedded: Embedded;

beforeAll(async () => {
  embedded = await startEmbedded();
});
afterAll(() => embedded.close());
beforeEach(async () => {
  await embedded.client.run("DROP DATABASE IF EXISTS d FORCE");
  await embedded.client.run("CREATE DATABASE d");
  await embedded.client.run(`CREATE TABLE d.t (k INT, v INT) DUPLICATE KEY (k) ${one}`);
  await embedded.client.run("INSERT INTO d.t VALUES (1, 10)");
});

test("a field list of another length is refused", async () => {
  for (const names of ["(a)", "(a, b, c)"])
    expect(await embedded.client.refusal(`CREATE VIEW d.w ${names} AS SELECT k, v FROM d.t`)).toEqual({
      code: 1353,
      sqlState: "HY000",
      message:
        "Getting analyzing error. Detail message: View's SELECT and view's field list have different column counts.",
    });
});

test("a column twice is refused", async () => {
  for (const view of ["w AS SELECT k, k FROM d.t", "w (a, a) AS SELECT k, v FROM d.t"])
    expect((await embedded.client.refusal(`CREATE VIEW d.${view}`)).message).toMatch(
      /^Getting analyzing error\. Detail message: Duplicate column name '[ak]'\.$/,
    );
  await embedded.client.run("CREATE VIEW d.w (a, b) AS SELECT k, k FROM d.t");
});

test("a star means the columns there were when the view was made", async () => {
  await embedded.client.run("CREATE VIEW d.w AS SELECT * FROM d.t");
  await embedded.client.run(
    "CREATE VIEW d.w2 AS WITH c AS (SELECT t.* FROM d.t) SELECT * FROM c JOIN d.w USING (k, v)",
  );
  await embedded.client.run("ALTER TABLE d.t ADD COLUMN more INT DEFAULT '7' AFTER k");
  expect(await embedded.client.rows("SELECT * FROM d.w")).toEqual([{ k: 1, v: 10 }]);
  expect(await embedded.client.rows("SELECT * FROM d.w2")).toEqual([{ k: 1, v: 10 }]);
  expect(await embedded.client.rows("SELECT * FROM d.t")).toEqual([{ k: 1, more: 7, v: 10 }]);
  await embedded.client.run("ALTER TABLE d.t DROP COLUMN v");
  expect((await embedded.client.refusal("SELECT * FROM d.w")).message).toMatch(
    /Column 'v' cannot be resolved/,
  );
});
