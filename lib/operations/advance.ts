import type { Catalog } from "../catalog/catalog.ts";
import { isOver, type Run, type RunState, readRun } from "../catalog/runs.ts";
import type { Wait } from "../planning/wait.ts";
import { advanceBackup } from "./backup/advance.ts";
import { endless, type Patience } from "./backup/stall.ts";
import type { Progress } from "./progress.ts";
import { advanceRestore } from "./restore/advance.ts";

/** Where a run stands after everything that could be done without waiting has been done. */
export interface Advance {
  readonly state: RunState;
  readonly over: boolean;
  readonly waitingFor: readonly Wait[];
}

/**
 * Does everything for a run that can be done now: observe, decide, act, again, until only waiting is left. Safe to be
 * killed anywhere, to be run again and to run twice at once.
 */
export async function advanceRun(
  catalog: Catalog,
  runId: string,
  progress: Progress,
  patience: Patience = endless,
): Promise<Advance> {
  const run = await readRun(catalog, runId);
  if (isOver(run)) return { state: run.state, over: true, waitingFor: [] };
  const waitingFor = await advanceBy(catalog, run, patience, progress);
  const after = await readRun(catalog, runId);
  return { state: after.state, over: isOver(after), waitingFor };
}

async function advanceBy(
  catalog: Catalog,
  run: Run,
  patience: Patience,
  progress: Progress,
): Promise<readonly Wait[]> {
  switch (run.operation) {
    case "backup":
      return await advanceBackup(catalog, run, patience, progress);
    case "restore":
      return await advanceRestore(catalog, run, patience, progress);
  }
}
