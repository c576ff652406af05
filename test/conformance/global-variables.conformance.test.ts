import { afterEach, expect, test } from "vitest";
import { useCluster } from "../support/cluster.ts";

const cluster = useCluster();
const [zone, mode] = ["@@time_zone AS zone", "@@sql_mode AS mode"];

afterEach(async () => {
  await cluster.client.run("SET GLOBAL time_zone = '+00:00'");
  await cluster.client.run("SET GLOBAL sql_mode = 'ONLY_FULL_GROUP_BY'");
});

test("§15 SET GLOBAL reaches every later session", async () => {
  await cluster.client.run("SET GLOBAL time_zone = '+08:00'");
  await cluster.client.run("SET GLOBAL sql_mode = 'STRICT_TRANS_TABLES'");
  const later = await cluster.connect({});
  expect(await later.rows(`SELECT ${zone}, ${mode}`)).toEqual([
    { zone: "+08:00", mode: "STRICT_TRANS_TABLES" },
  ]);
});

test("§15 @@global is what later sessions begin with, not the session's own", async () => {
  await cluster.client.run("SET GLOBAL time_zone = 'Europe/Berlin'");
  const later = await cluster.connect({});
  await later.run("SET time_zone = '+00:00'");
  expect(await later.rows(`SELECT @@global.time_zone AS common, ${zone}`)).toEqual([
    { common: "Europe/Berlin", zone: "+00:00" },
  ]);
});

test("§15 ANSI_QUOTES and NO_BACKSLASH_ESCAPES change nothing: a double quote begins a text, a backslash escapes", async () => {
  await cluster.client.run("SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
  const later = await cluster.connect({});
  expect(await later.rows(`SELECT "b" AS x, length('a\\\\b') AS n`)).toEqual([{ x: "b", n: "3" }]);
});
