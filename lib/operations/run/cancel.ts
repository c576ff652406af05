import type { Catalog } from "../../catalog/catalog.ts";
import { type OpenRun, readOpenRuns } from "../../catalog/open-runs.ts";
import { markAbandoned } from "../../catalog/pulse.ts";
import { readRunView } from "../../catalog/run-view.ts";
import { isOver, type RunState } from "../../catalog/runs.ts";
import type { ErrorText } from "../../errors.ts";
import { type TableOutcome, tableOutcome } from "../../planning/restore/table-outcome.ts";
import { endless } from "../step/patience.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import type { RunStep, Step } from "../step/step.ts";
import { withCatalog } from "../step/with-catalog.ts";
import { abandonRun } from "./abandon.ts";
import { isUnchanged } from "./check-plan.ts";
import { kindOf } from "./kinds.ts";

/** What to stop. */
export type CancelTarget =
  | { readonly kind: "nothing" }
  | { readonly kind: "run"; readonly runId: string }
  | { readonly kind: "group"; readonly group: string }
  /** The job of Windmill: the flow's, as its page's address says it. */
  | { readonly kind: "job"; readonly jobId: string };

/** What has become of one run. */
export interface CancelledRun {
  readonly runId: string;
  readonly state: RunState;
  /** Jobs of StarRocks that were cancelled now. */
  readonly cancelled: readonly string[];
  /** What StarRocks still works on. */
  readonly open: readonly string[];
  /** What has become of the tables of a restore. */
  readonly tables: readonly TableOutcome[];
}

export interface CancelResult {
  readonly runs: readonly CancelledRun[];
  /** What is open on the cluster afterwards. */
  readonly open: readonly OpenRun[];
}

/**
 * Stops runs: cancels their jobs in StarRocks (never anybody else's), records them as CANCELLED, frees their slots and
 * drops their temporary tables. What is finished stays; a run that is over stays as it is. May be repeated, and works while
 * the run's flow goes on: its next step finds the run over.
 */
export async function cancelRuns(
  settings: ClusterSettings,
  target: CancelTarget,
  progress: Progress,
): Promise<CancelResult> {
  return await withCatalog(settings, async (catalog) => {
    const runs: CancelledRun[] = [];
    for (const runId of await runsOf(catalog, target))
      runs.push(await cancelRun({ catalog, progress }, runId));
    return { runs, open: await readOpenRuns(catalog, { kind: "all" }) };
  });
}

async function runsOf(catalog: Catalog, target: CancelTarget): Promise<readonly string[]> {
  switch (target.kind) {
    case "nothing":
      return [];
    case "run":
      return [target.runId];
    case "group":
    case "job":
      return (await readOpenRuns(catalog, target)).map((run) => run.runId);
  }
}

async function cancelRun(step: Step, runId: string): Promise<CancelledRun> {
  const { catalog, progress } = step;
  const view = await readRunView(catalog, runId);
  const { run } = view;
  if (isOver(run)) return { runId, state: run.state, cancelled: [], open: [], tables: [] };
  const error: ErrorText = {
    code: "CANCELLED",
    message: `Run ${runId} was cancelled.`,
    next: "Run again when it is wanted; it gets a fresh label.",
  };
  // First, so that a step of the run's flow that is at work begins nothing new.
  await markAbandoned(catalog, runId, error);
  // Whose jobs these are, a plan that was changed does not say.
  const cancelled = isUnchanged(run, undefined)
    ? await kindOf(run).cancelJobs({ ...step, run, patience: endless }, await readRunView(catalog, runId))
    : [];
  for (const job of cancelled) progress.say(`Cancelled ${job}`);
  const { state, open } = await abandonRun(step, view, { state: "CANCELLED", error });
  const tables = open.length === 0 ? await outcomesOf({ ...step, run, patience: endless }, error) : [];
  return { runId, state, cancelled, open, tables };
}

async function outcomesOf(step: RunStep, { message }: ErrorText): Promise<readonly TableOutcome[]> {
  const report = kindOf(step.run).report(step, await readRunView(step.catalog, step.run.runId));
  return report.operation === "restore" ? report.restores.map((each) => tableOutcome(each, message)) : [];
}
