import { randomBytes } from "node:crypto";
import { type Looks, lookUntil } from "../../look-until.ts";
import { publishName, publishPrefix } from "../../planning/restore/names.ts";
import { type SwapState, swapState } from "../../planning/undo/swap-state.ts";
import type { PlannedUndo } from "../../planning/undo/undo-plan.ts";
import { waitFor } from "../../planning/wait.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import { swapStatement } from "../../starrocks/statements/alter.ts";
import { type ClaimingStep, refused, renamed, type Undone } from "./claiming.ts";

/** The two tables, by names and ids. */
export type Swapped = Pick<PlannedUndo, "database" | "table" | "keptAs" | "liveId" | "keptId">;

/**
 * Swaps the replaced table back with one atomic statement, and keeps the restored one under the keep name.
 *
 * As in publishing, each attempt first gives the table that it swaps in a name of its own and looks what is under that: a
 * second SWAP would undo the first, and whoever was paused before it finds its own name gone.
 *
 * @param begins whether a swap may be begun; otherwise only what was begun is brought to its end
 */
export async function swapBack(step: ClaimingStep, planned: Swapped, begins: boolean): Promise<Undone> {
  const { keptAs } = planned;
  const state = await lookTwice(step, planned);
  switch (state.kind) {
    case "done":
      return state;
    case "impossible":
      return { kind: "failed", reason: state.reason };
    case "rename": {
      const taken = await renamed(step, planned, [state.name, keptAs]);
      return taken ?? { kind: "done" };
    }
    case "swap":
      return begins ? await swap(step, planned, state.name) : await giveBack(step, planned, state.name);
  }
}

/** @param name under which the replaced table is now */
async function swap(step: ClaimingStep, planned: Swapped, name: string): Promise<Undone> {
  const { catalog, mark, progress } = step;
  const { database, table, keptAs, keptId, liveId } = planned;
  const own = publishName(table, mark, randomBytes(4).toString("hex"));
  const taken = await renamed(step, planned, [name, own]);
  if (taken !== undefined) return taken;
  // Who stood still before the RENAME may meet a run that was cancelled meanwhile; who is cancelled after it finds its own
  // name gone.
  if (!(await step.isWanted())) return await giveBack(step, planned, own);
  const ids = await readTableIds(catalog.session, database, [table, own]);
  // An earlier attempt that stood still may have swapped in between.
  if (ids.get(own) !== keptId) return waitFor(`another execution swaps ${database}.${table}`);
  if (ids.get(table) !== liveId) return await giveBack(step, planned, own);
  const swapped = await refused(step, planned, { name: own, statement: swapStatement(database, table, own) });
  if (swapped !== undefined) return swapped;
  progress.say(`${database}.${table}: the replaced table is live again`);
  return (await renamed(step, planned, [own, keptAs])) ?? { kind: "done" };
}

/** What was read was read in several statements: another execution may have renamed the tables in between. */
async function lookTwice(step: ClaimingStep, planned: Swapped): Promise<SwapState> {
  const possible = await lookUntil(looks, async () => {
    const state = await look(step, planned);
    return state.kind === "impossible" ? undefined : state;
  });
  return possible ?? (await look(step, planned));
}

const looks: Looks = { most: 3, pauseMs: 500 };

async function look({ catalog: { session }, mark }: ClaimingStep, planned: Swapped) {
  const { database, table, keptAs } = planned;
  const names = await readTableNames(session, database, [table, keptAs], mark);
  const prefix = publishPrefix(table, mark);
  const attempted = [...names].filter((each) => each.startsWith(prefix));
  const ids = await readTableIds(session, database, [table, keptAs, ...attempted]);
  const attempts = attempted.flatMap((name) => {
    const id = ids.get(name);
    return id === undefined ? [] : [{ name, id }];
  });
  const attempt = attempts.find(({ id }) => id === planned.keptId || id === planned.liveId);
  return swapState(planned, { live: ids.get(table), kept: ids.get(keptAs), attempt });
}

/** An undo that is given up before its swap: the kept table gets its name back. */
async function giveBack(step: ClaimingStep, planned: Swapped, name: string): Promise<Undone> {
  const { keptAs } = planned;
  const taken = await renamed(step, planned, [name, keptAs]);
  return (
    taken ?? { kind: "failed", reason: "the replaced table is still kept aside, and nothing was swapped" }
  );
}
