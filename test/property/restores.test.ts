import fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import type { World } from "../support/world.ts";
import { startCluster } from "./cluster.ts";
import { restoreHistories } from "./commands.ts";
import { type Beginning, longest, play } from "./play.ts";
import { shapes } from "./shapes.ts";

let cluster: World;

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

const shape = fc.constantFrom(...shapes);

/** Two tables of the group and one beside it: a history of restores has many steps that look at all of them. */
const some = fc.tuple(shape, shape, shape).map(
  ([a, b, x]): Beginning => [
    ["a", a],
    ["b", b],
    ["x", x],
  ],
);

const restores = { beginning: some, commands: restoreHistories, count: 12, seconds: 25 };

test("whatever is restored and taken back, rows are what they were, and all others what they are", {
  timeout: longest(restores),
}, async () => {
  await play(cluster, restores);
});
