import { afterAll, beforeAll, expect, it } from "vitest";
import { backup, createRepository, type Lab, one, restore, startLab } from "./support.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.client.run("CREATE DATABASE sales");
  await createRepository(lab.client);
});
afterAll(() => lab.end());

const numbers = [
  "-170141183460469231731687303715884105728",
  "-1",
  "12345678901234567891",
  "170141183460469231731687303715884105727",
];

it("LARGEINT survives a backup and a restore to the last digit, as a value, a key and in an array", async () => {
  await lab.client.run(
    `CREATE TABLE sales.large (k LARGEINT NOT NULL, n LARGEINT, list ARRAY<LARGEINT>) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k) ${one}`,
  );
  const lines = numbers.map((number) => `(${number}, '${number}', [${number}, NULL])`);
  await lab.client.run(`INSERT INTO sales.large VALUES (-9, NULL, NULL), ${lines.join(", ")}`);
  const rows = (table: string) => lab.client.rows(`SELECT k, n, list FROM sales.${table} ORDER BY n`);
  const expected = [
    { k: "-9", n: null, list: null },
    ...numbers.map((number) => ({ k: number, n: number, list: `[${number},null]` })),
  ];
  expect(await rows("large")).toEqual(expected);
  expect(await backup(lab.client, "big", "ON (large)")).toMatchObject({ State: "FINISHED" });
  expect(await restore(lab.client, "sales", "big", "large AS copy")).toMatchObject({ State: "FINISHED" });
  expect(await rows("copy")).toEqual(expected);
  await lab.client.run("DELETE FROM sales.large WHERE k < 0");
  expect(await restore(lab.client, "sales", "big", "large")).toMatchObject({ State: "FINISHED" });
  expect(await rows("large")).toEqual(expected);
});
