import fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import type { World } from "../support/world.ts";
import { startCluster } from "./cluster.ts";
import { histories } from "./commands.ts";
import { type Beginning, longest, play } from "./play.ts";

let cluster: World;

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

/** A table of each kind, and one beside the group. */
const eachKind: Beginning = [
  ["a", { partitioning: "range", model: "DUPLICATE" }],
  ["b", { partitioning: "list", model: "PRIMARY" }],
  ["c", { partitioning: "date_trunc", model: "AGGREGATE" }],
  ["e", { partitioning: "none", model: "PRIMARY" }],
  ["g", { partitioning: "dynamic range", model: "PRIMARY" }],
  ["f", { partitioning: "automatic list", model: "DUPLICATE" }],
  ["h", { partitioning: "range", model: "PRIMARY", filled: "numbered" }],
  ["i", { partitioning: "date_trunc", model: "PRIMARY", filled: "generated" }],
  ["j", { partitioning: "day and column", model: "DUPLICATE" }],
  ["x", { partitioning: "range", model: "DUPLICATE" }],
];

const backups = { beginning: fc.constant(eachKind), commands: histories, count: 8, seconds: 35 };

test("every backup of any history holds exactly what it must", { timeout: longest(backups) }, async () => {
  await play(cluster, backups);
});
