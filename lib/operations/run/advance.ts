import type { Catalog } from "../../catalog/catalog.ts";
import { recordPulse } from "../../catalog/pulse.ts";
import { isOver, type Run, type RunState, readRun, readRunState } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import { type Wait, waitReason } from "../../planning/wait.ts";
import { advanceBackup } from "../backup/advance.ts";
import { advanceRestore } from "../restore/advance.ts";
import type { Progress } from "../step/progress.ts";
import { endingOf, endless, type Patience, type Pursuit } from "../step/pursuit.ts";

/** Where a run stands after everything that could be done without waiting has been done. */
export interface Advance {
  readonly state: RunState;
  readonly over: boolean;
  readonly waitingFor: readonly Wait[];
  /** For how long it has waited for just that. */
  readonly waitingSeconds: number;
}

/** A StarRocks job of ours lives for a week at most; a run that is still open after two has no end. */
const longestRunSeconds = 14 * 24 * 3600;

/**
 * Does everything for a run that can be done now: observe, decide, act, again, until only waiting is left. Safe to be
 * killed anywhere, to be run again and to run twice at once.
 *
 * @throws {BackupError} `RUN_TOO_LONG`, so that no flow loops for ever
 */
export async function advanceRun(
  catalog: Catalog,
  runId: string,
  progress: Progress,
  patience: Patience = endless,
): Promise<Advance> {
  const run = await readRun(catalog, runId);
  if (isOver(run)) return { state: run.state, over: true, waitingFor: [], waitingSeconds: 0 };
  if (run.ageSeconds > longestRunSeconds) throw tooLong(run);
  const waitingFor = await pursueRun(catalog, run, pursuitOf(run, patience), progress);
  const state = (await readRunState(catalog, runId)) ?? run.state;
  if (isOver({ state })) return { state, over: true, waitingFor, waitingSeconds: 0 };
  const waitingSeconds = await recordPulse(catalog, runId, waitReason(waitingFor));
  return { state, over: false, waitingFor, waitingSeconds };
}

/** A run that was given up while its flow goes on is brought to its end, not further. */
function pursuitOf({ error }: Run, patience: Patience): Pursuit {
  if (error === undefined) return { kind: "carry-on", patience };
  return { kind: "give-up", ending: endingOf(error) };
}

/** Brings a run as far as it goes without waiting, in the direction that is wanted. */
export async function pursueRun(
  catalog: Catalog,
  run: Run,
  pursuit: Pursuit,
  progress: Progress,
): Promise<readonly Wait[]> {
  switch (run.operation) {
    case "backup":
      return await advanceBackup(catalog, run, pursuit, progress);
    case "restore":
      return await advanceRestore(catalog, run, pursuit, progress);
  }
}

function tooLong({ runId }: Run): BackupError {
  return new BackupError({
    code: "RUN_TOO_LONG",
    message: `Run ${runId} has been open for more than ${longestRunSeconds / 86_400} days.`,
    next: `Run cancel for ${runId}, look at what StarRocks still works on, and start again.`,
  });
}
