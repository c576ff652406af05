import { randomBytes } from "node:crypto";
import { isOver, readRun } from "../../catalog/runs.ts";
import { publishName, publishPrefix } from "../../planning/restore/names.ts";
import { swapState } from "../../planning/undo/swap-state.ts";
import type { PlannedUndo } from "../../planning/undo/undo-plan.ts";
import { waitFor } from "../../planning/wait.ts";
import { withoutStop } from "../../sentence.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import { renameStatement, swapStatement } from "../../starrocks/statements/alter.ts";
import { restoreMark, type Undone, type UndoStep } from "./undo-step.ts";

/**
 * Swaps the replaced table back with one atomic statement, and keeps the restored one under the keep name.
 *
 * As in publishing, each attempt first gives the table that it swaps in a name of its own and looks what is under that: a
 * second SWAP would undo the first, and whoever was paused before it finds its own name gone.
 *
 * @param begins whether a swap may be begun; otherwise only what was begun is brought to its end
 */
export async function swapBack(step: UndoStep, planned: PlannedUndo, begins: boolean): Promise<Undone> {
  const { database, keptAs } = planned;
  const state = await look(step, planned);
  switch (state.kind) {
    case "done":
      return state;
    case "impossible":
      return { kind: "failed", reason: state.reason };
    case "rename": {
      const renamed = await refused(step, planned, renameStatement(database, state.name, keptAs));
      return renamed ?? { kind: "done" };
    }
    case "swap":
      return begins ? await swap(step, planned, state.name) : await giveBack(step, planned, state.name);
  }
}

/** @param name under which the replaced table is now */
async function swap(step: UndoStep, planned: PlannedUndo, name: string): Promise<Undone> {
  const { catalog, run, progress } = step;
  const { database, table, keptAs, keptId, liveId } = planned;
  const own = publishName(table, restoreMark(step, planned), randomBytes(4).toString("hex"));
  const taken = await refused(step, planned, renameStatement(database, name, own));
  if (taken !== undefined) return taken;
  // Who stood still before the RENAME may meet a run that was cancelled meanwhile; who is cancelled after it finds its own
  // name gone.
  const now = await readRun(catalog, run.runId);
  if (isOver(now) || now.error !== undefined) return await giveBack(step, planned, own);
  const ids = await readTableIds(catalog.session, database, [table, own]);
  // An earlier attempt that stood still may have swapped in between.
  if (ids.get(own) !== keptId) return waitFor(`another execution swaps ${database}.${table}`);
  if (ids.get(table) !== liveId) return await giveBack(step, planned, own);
  const swapped = await refused(step, planned, swapStatement(database, table, own));
  if (swapped !== undefined) return swapped;
  progress.say(`${database}.${table}: the replaced table is live again`);
  return (await refused(step, planned, renameStatement(database, own, keptAs))) ?? { kind: "done" };
}

async function look(step: UndoStep, planned: PlannedUndo) {
  const { session } = step.catalog;
  const { database, table, keptAs } = planned;
  const mark = restoreMark(step, planned);
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
async function giveBack(step: UndoStep, planned: PlannedUndo, name: string): Promise<Undone> {
  const { database, keptAs } = planned;
  const renamed =
    name === keptAs ? undefined : await refused(step, planned, renameStatement(database, name, keptAs));
  return (
    renamed ?? { kind: "failed", reason: "the replaced table is still kept aside, and nothing was swapped" }
  );
}

/** Sends a statement about a table that another execution may rename at any moment. @returns what to say when it fails */
async function refused(
  { catalog }: UndoStep,
  { database, table }: PlannedUndo,
  statement: string,
): Promise<Undone | undefined> {
  try {
    await catalog.session.execute(statement, `undo the restore of ${database}.${table}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.retriable) throw error;
    if (error.kind === "unknown-table") return waitFor(`another execution swaps ${database}.${table}`);
    return { kind: "failed", reason: withoutStop(error.message) };
  }
}
