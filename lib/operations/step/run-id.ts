import { randomBytes } from "node:crypto";
import { digest } from "../../digest.ts";
import { BackupError } from "../../errors.ts";

/** The ids of the job that plans a run. */
export interface PlanningJobIds {
  /** Of what is executed: every execution of it gives the same run. */
  readonly own: string;
  /** Of the job that a person sees and cancels. */
  readonly shown: string;
}

/**
 * What the ids of all runs begin with that one job plans. A job may be executed several times, at once too; each execution
 * tries with an id of its own, and one of them becomes the job's run.
 *
 * @param ids undefined outside a job: nothing executes it again
 * @param request what is to be planned: the steps of a plain loop in somebody's flow are told apart by nothing else
 */
export function runIdPrefix(
  operation: "backup" | "restore" | "undo",
  ids: PlanningJobIds | undefined,
  request: object,
): string {
  const mark =
    ids === undefined ? randomBytes(6).toString("hex") : digest(`${ids.own} ${JSON.stringify(request)}`);
  return `${operation}_${mark.slice(0, 12)}_`;
}

/** A fresh run id of a job; its last eight characters mark the names of a restore's tables. */
export function runIdOf(prefix: string): string {
  return `${prefix}${randomBytes(4).toString("hex")}`;
}

/**
 * The part of a run id that goes into table names.
 *
 * @throws {BackupError} `RUN_UNREADABLE` for what is no run id: ids are read from the catalog, which others can write
 */
export function runMark(runId: string): string {
  const [mark] = /[0-9a-f]{8}$/.exec(runId) ?? [];
  if (mark !== undefined) return mark;
  throw new BackupError({
    code: "RUN_UNREADABLE",
    message: `${runId} is no run id.`,
    next: "Look who has written it into the catalog.",
  });
}
