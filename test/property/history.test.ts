import fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import type { World } from "../support/world.ts";
import { plainFull, runBackup } from "./backup.ts";
import { beginHistory, createTable, endHistory } from "./begin.ts";
import { loads } from "./changes/loads.ts";
import { runChange } from "./changes.ts";
import { startCluster } from "./cluster.ts";
import { histories } from "./commands.ts";
import { groupNames, type History, type Model } from "./model.ts";
import { everything } from "./restores/choice.ts";
import { runRestore } from "./restores/restore.ts";
import type { Shape } from "./shapes.ts";

/** How many histories: `HISTORIES=500 npx vitest run test/property`; `SEED=…` plays other ones. */
const wanted = process.env["HISTORIES"];
const numRuns = Number(wanted ?? 8);
const seed = Number(process.env["SEED"] ?? 20251125);

let cluster: World;
let played = 0;

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

/** What every history begins with: a table of each kind, and one beside the group. */
const beginning: readonly (readonly [string, Shape])[] = [
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

async function begin(): Promise<{ readonly history: History; readonly model: Model }> {
  played++;
  const { history, model } = await beginHistory(cluster, `h${played}`, groupNames);
  for (const [name, shape] of beginning) await createTable(history, model, name, shape);
  const [, several] = loads;
  for (let table = 0; several !== undefined && table < beginning.length; table++) {
    await runChange(history, model, { change: several, table, numbers: [0, 1, table] });
  }
  await runBackup(history, model, plainFull);
  return { history, model };
}

test("every backup of any history holds exactly what it must", {
  timeout: 60_000 + numRuns * 60_000,
}, async () => {
  // On a busy machine fewer histories are played, unless their number was asked for.
  const end = wanted === undefined ? Date.now() + 35_000 : Number.POSITIVE_INFINITY;
  await fc.assert(
    fc.asyncProperty(histories, async (commands) => {
      if (played > 0 && Date.now() > end) return;
      const { history, model } = await begin();
      try {
        await fc.asyncModelRun(() => ({ model, real: history }), commands);
        await runRestore(history, model, everything(model.points.length - 1));
      } catch (error) {
        throw new Error(`${String(error)}\n${history.log.join("\n")}`, { cause: error });
      }
      await endHistory(history);
    }),
    {
      numRuns,
      seed,
      endOnFailure: process.env["SHRINK"] === undefined,
    },
  );
});
