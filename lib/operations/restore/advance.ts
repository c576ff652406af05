import { markAbandoned } from "../../catalog/pulse.ts";
import { type RunView, readRunView } from "../../catalog/run-view.ts";
import { releaseSlots } from "../../catalog/slots.ts";
import { BackupError } from "../../errors.ts";
import { decideRestore, type RestoreAction } from "../../planning/restore/decision.ts";
import type { Wait } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { createDatabaseStatement } from "../../starrocks/statements/database.ts";
import type { Pursued } from "../step/kind.ts";
import { slotView } from "../step/slot-view.ts";
import { abandonRestore } from "./abandon.ts";
import { actOnRestore } from "./act.ts";
import { cancelRestores } from "./cancel-jobs.ts";
import { broken, closeRun } from "./close.ts";
import { dropReplaced } from "./keep.ts";
import {
  observationOf,
  observeBackup,
  observeDatabase,
  type SeenDatabase,
  seenTogether,
  slotOf,
} from "./observe.ts";
import { checkBackupsGiven, type DatabaseStep, databasesOf, type RestoreStep } from "./restore-step.ts";
import { watchRestore } from "./watch.ts";

/** Brings every database of a restore run as far as it goes without waiting; says what is waited for. */
export async function advanceRestore(step: RestoreStep, view: RunView): Promise<Pursued> {
  if (step.run.state === "PLANNED") throw notApproved(step.run.runId);
  checkBackupsGiven(step);
  let seen = view;
  for (;;) {
    const before = seenTogether(step.run, seen);
    const { waits, view: now } = await advanceDatabases(step, seen);
    seen = now;
    const together = seenTogether(step.run, seen);
    if (together === "broken") return await giveUp(step, seen);
    // What one database has come to may be what the others waited for.
    if (waits.length > 0 && together !== before) continue;
    if (waits.length > 0) return { kind: "waiting", waits };
    await dropReplaced(step, seen.restores);
    return { kind: "over", state: await closeRun(step, seen.restores, undefined) };
  }
}

/** Goes through the databases once. */
async function advanceDatabases(
  step: RestoreStep,
  view: RunView,
): Promise<{ readonly waits: readonly Wait[]; readonly view: RunView }> {
  const waits: Wait[] = [];
  let seen = view;
  for (const database of databasesOf(step)) {
    const outcome = await advanceDatabase(database, seen);
    seen = outcome.view;
    if (outcome.wait === undefined) continue;
    waits.push(outcome.wait);
    // Who holds slots while it waits for another takes them in one order, or two runs would wait for each other.
    const isOurs = slotView(slotOf(database.database, seen), step.run.runId).kind === "ours";
    if (step.run.plan.allOrNothing === true && !isOurs) break;
  }
  return { waits, view: seen };
}

/** One table was given up, and nothing is to be live without it. The mark says so before anything is taken back. */
async function giveUp(step: RestoreStep, view: RunView): Promise<Pursued> {
  const { catalog, run } = step;
  await markAbandoned(catalog, run.runId, broken);
  await cancelRestores(step, view);
  const ending = { state: "FAILED", error: broken } as const;
  return await abandonRestore(step, await readRunView(catalog, run.runId), ending);
}

/** How far one database was brought. */
interface DatabaseOutcome {
  /** What it waits for; undefined when it is done. */
  readonly wait: Wait | undefined;
  /** What was seen of the run last. */
  readonly view: RunView;
}

/** Repeats observe, decide, act for one database. */
async function advanceDatabase(step: DatabaseStep, view: RunView): Promise<DatabaseOutcome> {
  let seen = await observeOrCreate(step, view);
  for (;;) {
    const observation = observationOf(step, seen);
    const action = decideRestore(observation);
    if (action.kind === "done") return await leaveDatabase(step, seen.view);
    if (action.kind === "give-up") return { wait: undefined, view: seen.view };
    if (action.kind === "wait")
      return { wait: await watchRestore(step, observation, action), view: seen.view };
    if (beginsSomething.has(action.kind) && seen.backupJob === undefined) {
      seen = await observeBackup(step, seen);
      continue;
    }
    const acted = await actOnRestore(step, seen, action);
    seen = acted.seen;
    if (acted.wait !== undefined) return { wait: acted.wait, view: seen.view };
  }
}

async function leaveDatabase(
  { catalog, run, database }: DatabaseStep,
  view: RunView,
): Promise<DatabaseOutcome> {
  const slot = slotOf(database, view);
  if (slot !== undefined && slotView(slot, run.runId).kind === "ours") await releaseSlots(catalog, [slot]);
  return { wait: undefined, view };
}

/** What must not be begun while a backup of the database runs. */
const beginsSomething: ReadonlySet<RestoreAction["kind"]> = new Set([
  "submit",
  "hold",
  "assemble",
  "publish",
]);

/** Only a database that StarRocks says is not there is made: what a user may not see is not gone. */
async function observeOrCreate(step: DatabaseStep, view: RunView): Promise<SeenDatabase> {
  const { catalog, database } = step;
  try {
    return await observeDatabase(step, view);
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind !== "unknown-database") throw error;
    await catalog.session.execute(createDatabaseStatement(database), `create database ${database}`);
    return await observeDatabase(step, view);
  }
}

function notApproved(runId: string): BackupError {
  return new BackupError({
    code: "NOT_APPROVED",
    message: `Restore run ${runId} has not been approved.`,
    next: "Run the restore script with its plan_hash and approved set.",
  });
}
