import type { Catalog } from "../../catalog/catalog.ts";
import { insertRestores } from "../../catalog/restores.ts";
import { only } from "../../catalog/sql/only.ts";
import { restoreCost } from "../../planning/restore/preflight/cost.ts";
import type { RestorePlan } from "../../planning/restore/restore-plan.ts";
import type { RecordedPlan } from "../step/plan-once.ts";

/** Records the tables of a planned restore; may be repeated, and is when a planner died right after its run's row. */
export async function recordTables(
  catalog: Catalog,
  { runId, plan }: Pick<RecordedPlan<RestorePlan>, "runId" | "plan">,
): Promise<void> {
  const { repository } = plan;
  await insertRestores(
    catalog,
    runId,
    plan.tables.map((planned) => ({
      ...only(planned, ["database", "table", "label", "strategy", "partitions"]),
      downloadedBytes: restoreCost([planned]).downloadBytes,
      repository,
    })),
  );
}
