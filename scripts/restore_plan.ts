import * as z from "zod";
import { restorePlanner } from "../lib/operations/restore/planner.ts";
import { planRun } from "../lib/operations/run/plan.ts";
import { clustersOf, restoreSettings } from "../lib/windmill/cluster-settings.ts";
import { periodSeconds } from "../lib/windmill/forms/period.ts";
import { restoreFields } from "../lib/windmill/forms/restore-fields.ts";
import { destinationOf, partitionChoiceOf, placeFault } from "../lib/windmill/forms/restore-place.ts";
import { pointOf, timeOf } from "../lib/windmill/forms/restore-time.ts";
import { givenNames, unknownNames } from "../lib/windmill/forms/unknown-names.ts";
import { windmillJob } from "../lib/windmill/job-id.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderRestorePlan } from "../lib/windmill/results/restore-plan.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Plan a restore",
  description:
    "Reads the catalog and the cluster and shows what a restore would replace. Changes no table; unless it is a dry run, the plan is stored in the catalog for the next steps.",
  input: z
    .object({ ...restoreFields, given: givenNames })
    .omit({ stall_minutes: true, cancel_stalled: true })
    .refine((given) => (given.target_label === undefined) !== (given.target_time === undefined), {
      path: ["target_label"],
      error: "give either a backup or a time",
    })
    .superRefine((given, context) => {
      const message = unknownNames(given.given, Object.keys(restoreFields));
      if (message !== undefined) context.addIssue({ code: "custom", path: [], message });
      if (given.target_time !== undefined) {
        const time = timeOf(given);
        if (time.kind === "fault")
          context.addIssue({ code: "custom", path: ["target_time"], message: time.advice });
      }
      const fault = placeFault(given);
      if (fault !== undefined)
        context.addIssue({ code: "custom", path: [fault.field], message: fault.advice });
    }),
  run: async ({ starrocks, into, target_label, ...given }) => {
    const { tables = [], group, repository, dry_run } = given;
    const at = pointOf({ starrocks, target_label, ...given });
    // A restore puts each table together once; a name that is given twice means no more than once.
    const target = { at, tables: [...new Set(tables)], group, repository };
    const planner = restorePlanner({
      target,
      destination: destinationOf({ starrocks, ...given }),
      clusters: clustersOf({ starrocks, into }),
      partitions: partitionChoiceOf({ starrocks, ...given }),
      maxDrift: given.max_drift,
      keepSeconds: given.keep_replaced ? periodSeconds(given.keep_replaced_for) : 0,
      allOrNothing: given.all_or_nothing === undefined ? tables.length === 0 : given.all_or_nothing === "yes",
      dryRun: dry_run,
    });
    const planned = await planRun(restoreSettings({ starrocks, into }), planner, progress, windmillJob());
    return renderRestorePlan(planned, dry_run);
  },
});
