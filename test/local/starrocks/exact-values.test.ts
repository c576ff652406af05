import { afterAll, beforeAll, expect, test } from "vitest";
import { createRepository, type Embedded, startEmbedded } from "../../support/embedded.ts";
import { backup, one, restore } from "../../support/jobs.ts";

let embedded: Embedded;
beforeAll(async () => {
  embedded = await startEmbedded();
  await embedded.client.run("CREATE DATABASE sales");
  await embedded.client.run(createRepository("repo"));
});
afterAll(() => embedded.close());

const numbers = [
  "-170141183460469231731687303715884105728",
  "-1",
  "12345678901234567891",
  "170141183460469231731687303715884105727",
];

test("LARGEINT survives a backup and a restore to the last digit, as a value, a key and in an array", async () => {
  await embedded.client.run(
    `CREATE TABLE sales.large (k LARGEINT NOT NULL, n LARGEINT, list ARRAY<LARGEINT>) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k) ${one}`,
  );
  const lines = numbers.map((number) => `(${number}, '${number}', [${number}, NULL])`);
  await embedded.client.run(`INSERT INTO sales.large VALUES (-9, NULL, NULL), ${lines.join(", ")}`);
  const rows = (table: string) => embedded.client.rows(`SELECT k, n, list FROM sales.${table} ORDER BY n`);
  const expected = [
    { k: "-9", n: null, list: null },
    ...numbers.map((number) => ({ k: number, n: number, list: `[${number},null]` })),
  ];
  expect(await rows("large")).toEqual(expected);
  expect(await backup({ ...embedded, repository: "repo" }, "sales", "big", "ON (large)")).toMatchObject({
    State: "FINISHED",
  });
  expect(
    await restore({ ...embedded, repository: "repo" }, { into: "sales", label: "big", on: "large AS copy" }),
  ).toMatchObject({
    State: "FINISHED",
  });
  expect(await rows("copy")).toEqual(expected);
  await embedded.client.run("DELETE FROM sales.large WHERE k < 0");
  expect(
    await restore({ ...embedded, repository: "repo" }, { into: "sales", label: "big", on: "large" }),
  ).toMatchObject({ State: "FINISHED" });
  expect(await rows("large")).toEqual(expected);
});
