import * as z from "zod";
import { planRun } from "../lib/operations/run/plan.ts";
import { undoPlanner } from "../lib/operations/undo/planner.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { undoFields } from "../lib/windmill/forms/undo-fields.ts";
import { givenNames, unknownNames } from "../lib/windmill/forms/unknown-names.ts";
import { windmillJob } from "../lib/windmill/job-id.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderUndoPlan } from "../lib/windmill/results/undo-plan.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Plan the undo of a restore",
  description:
    "Shows what would be live again, and what is live now in its place, with rows. Changes no table; unless it is a dry run, the plan is stored in the catalog for the next steps.",
  input: z.object({ ...undoFields, given: givenNames }).superRefine(({ given }, context) => {
    const message = unknownNames(given, Object.keys(undoFields));
    if (message !== undefined) context.addIssue({ code: "custom", path: [], message });
  }),
  run: async ({ starrocks, run_id, tables = [], dry_run }) => {
    const planner = undoPlanner({ restore: run_id, tables, dryRun: dry_run });
    return renderUndoPlan(
      await planRun(clusterSettings(starrocks), planner, progress, windmillJob()),
      dry_run,
    );
  },
});
