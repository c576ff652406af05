import { type RestoreRecord, readRunRestores } from "../../catalog/restores.ts";
import type { RunView } from "../../catalog/run-view.ts";
import { closeOpenRun, isOver, type Run, type RunState, readRun } from "../../catalog/runs.ts";
import { releaseRunSlots, slotScope, takeSlot } from "../../catalog/slots.ts";
import { recordUndone } from "../../catalog/undone.ts";
import { BackupError, type ErrorText } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import { affectedText } from "../../planning/restore/affected.ts";
import type { PlannedUndo, UndoPlan } from "../../planning/undo/undo-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { sentence } from "../../sentence.ts";
import { activateOver } from "../restore/aftermath.ts";
import type { Undone } from "../restore/claiming.ts";
import { swapBack } from "../restore/swap-back.ts";
import type { Ending } from "../step/ending.ts";
import type { Pursued, RunKind } from "../step/kind.ts";
import { slotView } from "../step/slot-view.ts";
import { putBack, wasPutBack } from "./put-back.ts";
import { restoreMark, type UndoingStep, type UndoStep } from "./undo-step.ts";

/** How an undo went, by its plan: it has finished when all of it was done. */
export interface UndoReport {
  readonly operation: "undo";
  readonly run: Run<UndoPlan>;
}

export const undoKind: RunKind<UndoPlan, UndoReport> = {
  advance: advanceUndo,
  abandon: abandonUndo,
  cancelJobs: async () => [],
  report: ({ run }) => ({ operation: "undo", run }),
};

async function advanceUndo(step: UndoStep, view: RunView): Promise<Pursued> {
  const { runId, state } = step.run;
  if (state === "PLANNED") {
    throw new BackupError({
      code: "NOT_APPROVED",
      message: `Undo run ${runId} has not been approved.`,
      next: "Run the undo script with its plan_hash and approved set.",
    });
  }
  const blocked = await takeSlots(step, view);
  if (blocked !== undefined) return { kind: "waiting", waits: [blocked] };
  return await eachTable(step, (planned) => undoTable(step, planned), undefined);
}

async function abandonUndo(step: UndoStep, _view: RunView, ending: Ending): Promise<Pursued> {
  if (step.run.state === "PLANNED") return await closed(step, ending.state, ending.error);
  return await eachTable(step, (planned) => endTable(step, planned), ending);
}

/** A backup or another restore must not meet tables that change their names. */
async function takeSlots(step: UndoStep, view: RunView): Promise<Wait | undefined> {
  const { catalog, run } = step;
  // In one order by all: no two runs wait for each other.
  for (const database of [...groupBy(run.plan.tables, (each) => each.database).keys()].sort()) {
    const scope = slotScope(database);
    const seen = view.slots.get(scope);
    const slot = slotView(seen, run.runId);
    if (slot.kind === "ours") continue;
    if (slot.kind === "other") return waitFor(`run ${slot.runId} works on ${database}`);
    if ((await takeSlot(catalog, scope, run.runId, seen)) === undefined)
      return waitFor(`another run is taking the slot of ${database}`);
  }
  return undefined;
}

async function undoTable(step: UndoStep, planned: PlannedUndo): Promise<Undone> {
  const { partitions } = planned;
  return partitions === undefined
    ? await swapBack(undoing(step, planned), planned, true)
    : await putBack(undoing(step, planned), planned, partitions.names);
}

async function endTable(step: UndoStep, planned: PlannedUndo): Promise<Undone> {
  return planned.partitions === undefined
    ? await swapBack(undoing(step, planned), planned, false)
    : await wasPutBack(undoing(step, planned), planned);
}

function undoing(step: UndoStep, planned: PlannedUndo): UndoingStep {
  const { catalog, run } = step;
  return {
    ...step,
    mark: restoreMark(step, planned),
    isWanted: async () => {
      const now = await readRun(catalog, run.runId);
      return !isOver(now) && now.error === undefined;
    },
  };
}

/** @param ending of an undo that is given up; undefined: it is carried on */
async function eachTable(
  step: UndoStep,
  work: (planned: PlannedUndo) => Promise<Undone>,
  ending: Ending | undefined,
): Promise<Pursued> {
  const { catalog, run } = step;
  const { plan, runId } = run;
  const records = await readRunRestores(catalog, plan.restore);
  const waits: Wait[] = [];
  const reasons = new Map<PlannedUndo, string>();
  for (const planned of plan.tables) {
    const undone = await oneTable(step, planned, recordOf(records, planned), work);
    if (undone.kind === "wait") waits.push(undone);
    if (undone.kind === "failed") reasons.set(planned, undone.reason);
  }
  if (waits.length > 0) return { kind: "waiting", waits };
  if (reasons.size === 0) return await closed(step, "FINISHED");
  const told = plan.tables.map((planned) => {
    const reason = reasons.get(planned);
    const table = `${planned.database}.${planned.table}`;
    return sentence(reason === undefined ? `${table} is undone` : `${table} was not undone: ${reason}`);
  });
  const error: ErrorText =
    ending === undefined
      ? {
          code: "UNDO_FAILED",
          message: told.join(" "),
          next: `Look at the tables that are named. Run ${runId} has changed nothing else; what is undone stays so.`,
        }
      : { ...ending.error, message: `${sentence(ending.error.message)} ${told.join(" ")}` };
  return await closed(step, ending?.state ?? "FAILED", error);
}

async function oneTable(
  { catalog, run, progress }: UndoStep,
  planned: PlannedUndo,
  record: RestoreRecord | undefined,
  work: (planned: PlannedUndo) => Promise<Undone>,
): Promise<Undone> {
  if (record?.undoneBy === run.runId) return { kind: "done" };
  if (record?.undoneBy !== undefined)
    return { kind: "failed", reason: `run ${record.undoneBy} has undone it already` };
  const undone = await work(planned);
  if (undone.kind !== "done" || record === undefined) return undone;
  // Grants are by the table's id: the one that is live again has its own.
  const affected = planned.partitions === undefined ? await activateOver(catalog.session, [planned]) : [];
  for (const each of affected) progress.say(sentence(affectedText(planned, each)));
  await recordUndone(catalog, record, run.runId, affected);
  return undone;
}

function recordOf(records: readonly RestoreRecord[], { database, table }: PlannedUndo) {
  return records.find((each) => each.database === database && each.table === table);
}

async function closed(step: UndoStep, state: RunState, error?: ErrorText): Promise<Pursued> {
  const { catalog, run } = step;
  await releaseRunSlots(catalog, run.runId);
  const end =
    error === undefined || state === "FINISHED"
      ? ({ state: "FINISHED" } as const)
      : ({ state: state === "CANCELLED" ? "CANCELLED" : "FAILED", error } as const);
  return { kind: "over", state: await closeOpenRun(catalog, run.runId, end) };
}
