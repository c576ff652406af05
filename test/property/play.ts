import fc from "fast-check";
import type { World } from "../support/world.ts";
import { plainFull, runBackup } from "./backup.ts";
import { beginHistory, createTable, endHistory } from "./begin.ts";
import { loads } from "./changes/loads.ts";
import { runChange } from "./changes.ts";
import { groupNames, type History, type Model } from "./model.ts";
import { everything } from "./restores/choice.ts";
import { clockOf } from "./restores/past.ts";
import { runRestore } from "./restores/restore.ts";
import type { Shape } from "./shapes.ts";

/** How many histories: `HISTORIES=500 npx vitest run test/property`; `SEED=…` plays other ones. */
const wanted = process.env["HISTORIES"];
const seed = Number(process.env["SEED"] ?? 20251125);

/** The tables that a history begins with. */
export type Beginning = readonly (readonly [name: string, shape: Shape])[];

/** Histories of a kind. */
interface Played {
  readonly beginning: fc.Arbitrary<Beginning>;
  readonly commands: fc.Arbitrary<Iterable<fc.AsyncCommand<Model, History>>>;
  /** Where their number was not asked for; and for how long: on a busy machine fewer are played. */
  readonly count: number;
  readonly seconds: number;
}

/** So long a test of them may take. */
export function longest({ count }: Pick<Played, "count">): number {
  return 60_000 + Number(wanted ?? count) * 60_000;
}

/** Plays histories, holding every backup and restore to what it must be; each ends with a restore of its newest backup. */
export async function play(cluster: World, { beginning, commands, count, seconds }: Played): Promise<void> {
  const end = wanted === undefined ? Date.now() + seconds * 1000 : Number.POSITIVE_INFINITY;
  let played = 0;
  await fc.assert(
    fc.asyncProperty(beginning, commands, async (tables, chosen) => {
      if (played > 0 && Date.now() > end) return;
      played++;
      const { history, model } = await begin(cluster, `h${played}`, tables);
      try {
        await fc.asyncModelRun(() => ({ model, real: history }), chosen);
        await runRestore(history, model, everything(model.points.length - 1));
      } catch (error) {
        throw new Error(`${String(error)}\n${history.log.join("\n")}`, { cause: error });
      }
      await endHistory(history);
    }),
    { numRuns: Number(wanted ?? count), seed, endOnFailure: process.env["SHRINK"] === undefined },
  );
}

async function begin(
  cluster: World,
  name: string,
  tables: Beginning,
): Promise<{ readonly history: History; readonly model: Model }> {
  const { history, model } = await beginHistory(cluster, name, groupNames);
  keepFromMidnight(history);
  for (const [table, shape] of tables) await createTable(history, model, table, shape);
  const [, several] = loads;
  for (let table = 0; several !== undefined && table < tables.length; table++) {
    await runChange(history, model, { change: several, table, numbers: [0, 1, table] });
  }
  await runBackup(history, model, plainFull);
  return { history, model };
}

const day = 86_400;

/** Partitions that come and go by a schedule do so at midnight; no history lasts for three hours. */
function keepFromMidnight(history: History): void {
  const sinceMidnight = clockOf(history) % day;
  if (sinceMidnight > day - 3 * 3600) history.cluster.passSeconds(1.5 * day - sinceMidnight);
}
