import { BackupError } from "../../errors.ts";
import { markIn } from "../../planning/restore/names.ts";
import type { PlannedUndo, UndoPlan } from "../../planning/undo/undo-plan.ts";
import type { ClaimingStep } from "../restore/claiming.ts";
import { runMark } from "../step/run-id.ts";
import type { RunStep } from "../step/step.ts";

/** A step that works for an undo. */
export type UndoStep = RunStep<UndoPlan>;

/** One that deals with the tables of a restore. */
export interface UndoingStep extends UndoStep, ClaimingStep {}

/**
 * The mark of the restore, which the names of its tables carry.
 *
 * @throws {BackupError} `NOT_TEMPORARY` for a table that the plan calls kept and whose name is none of the restore's
 */
export function restoreMark({ run }: UndoStep, { database, keptAs }: PlannedUndo): string {
  const mark = runMark(run.plan.restore);
  if (markIn(keptAs) === mark) return mark;
  throw new BackupError({
    code: "NOT_TEMPORARY",
    message: `Run ${run.runId} was to swap ${database}.${keptAs}, which run ${run.plan.restore} has not kept.`,
    next: "Nothing was changed. Look who has written to the table runs of the catalog.",
  });
}
