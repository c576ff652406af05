import * as z from "zod";
import { type Run, readRun, updateRun } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import type { Submission } from "../../planning/restore/decision.ts";
import type { DatabaseStep } from "./restore-step.ts";

/** How far a job was seen to be. */
interface JobProgress {
  /** The job's mark: changes whenever it gets on. */
  readonly mark: string;
  /** Since when, by the FE's clock; UTC. */
  readonly since: string;
}

/** A submission, and how far its job was seen to be. */
export interface WatchedSubmission extends Submission {
  readonly progress?: JobProgress;
}

const progress = z.object({ mark: z.string(), since: z.string() }).readonly();
const form = z
  .record(
    z.string(),
    z
      .object({
        label: z.string(),
        // JSON has no undefined: what is not there is left out.
        before: z.string().optional(),
        tables: z.array(z.string()).readonly().optional(),
        progress: progress.optional(),
      })
      .transform(({ before, tables, progress, ...rest }) => ({
        ...rest,
        before,
        ...(tables && { tables }),
        ...(progress && { progress }),
      })),
  )
  .readonly();

/** By database. */
export type Submissions = Readonly<Record<string, WatchedSubmission>>;

/**
 * The last submission of each database.
 *
 * @throws {BackupError} `RUN_UNREADABLE`
 */
export function submissionsOf({ runId, submittedJob }: Pick<Run, "runId" | "submittedJob">): Submissions {
  if (submittedJob === undefined) return {};
  const read = form.safeParse(parsed(submittedJob));
  if (read.success) return read.data;
  throw unreadable(runId);
}

/**
 * Remembers the last submission of a database, in place of the one before.
 *
 * @param before of all databases, as they were seen last
 */
export async function recordSubmission(
  { catalog, run, database }: DatabaseStep,
  before: Submissions,
  submission: WatchedSubmission,
): Promise<void> {
  const submittedJob = JSON.stringify({ ...before, [database]: submission });
  await updateRun(catalog, run.runId, { submittedJob });
}

/** Remembers how far a submission's job is, unless another one was submitted meanwhile. */
export async function recordProgress(step: DatabaseStep, submission: WatchedSubmission): Promise<void> {
  const all = submissionsOf(await readRun(step.catalog, step.run.runId));
  const latest = all[step.database];
  if (latest?.label !== submission.label || latest.before !== submission.before) return;
  await recordSubmission(step, all, submission);
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(runId: string): BackupError {
  return new BackupError({
    code: "RUN_UNREADABLE",
    message: `What run ${runId} has submitted cannot be read: the column submitted_job of its row has been changed.`,
    next: "Look who has written to the table runs of the catalog, set submitted_job to NULL when no RESTORE of the run is at work, and run cancel.",
  });
}
