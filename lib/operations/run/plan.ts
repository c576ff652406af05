import { listOpenRuns } from "../../catalog/open-runs.ts";
import { readClock } from "../../starrocks/observe/clock.ts";
import { type Planned, type PlanningJob, planOnce } from "../step/plan-once.ts";
import type { Planner } from "../step/planner.ts";
import type { Progress } from "../step/progress.ts";
import { type PlanningJobIds, runIdPrefix } from "../step/run-id.ts";
import type { ClusterSettings } from "../step/settings.ts";
import { settleBeforePlan } from "./settle.ts";
import { silentAmong } from "./silent.ts";

/**
 * Plans a run, after the silent runs have been settled whose end may change the plan.
 *
 * @param ids of the job this runs in: every execution of it gives the same run
 */
export async function planRun<Plan extends object>(
  settings: ClusterSettings,
  planner: Planner<Plan>,
  progress: Progress,
  ids?: PlanningJobIds,
): Promise<Planned<Plan>> {
  const { operation, request } = planner;
  const prefix = runIdPrefix(operation, ids, request);
  const job: PlanningJob<Plan> = {
    prefix,
    shownJobId: ids?.shown,
    complete: (catalog, recorded) => planner.complete(catalog, recorded),
  };
  return await planOnce(settings, job, progress, async (catalog, backups, open) => {
    const step = { catalog, progress, backups };
    const known = { catalog: (await backups?.()) ?? catalog, progress };
    const listed = known.catalog === catalog ? open : await listOpenRuns(known.catalog, { kind: "all" });
    const silent = (await silentAmong(known.catalog, listed)).filter(planner.concerns);
    const settled = await settleBeforePlan(known, request.dryRun, silent);
    // Settling may take its time, and what it finishes is older than the plan.
    const { now } = settled.length === 0 ? catalog.opened : await readClock(catalog.session);
    const planned = await planner.plan({ ...step, job, now, repository: settings.repository });
    return { ...planned, notes: [...settled, ...planned.notes] };
  });
}
