import * as z from "zod";
import { cleanUp } from "../lib/operations/cleanup/cleanup.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { cleanupFields } from "../lib/windmill/forms/cleanup-fields.ts";
import { givenNames, unknownNames } from "../lib/windmill/forms/unknown-names.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderCleanup } from "../lib/windmill/results/cleanup.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Drop what restores have kept and left",
  description:
    "Lists the tables that restores keep for undo and those that they have left behind, with age and size, and drops those whose time is over: what the restore's form says, seven days by default. A table that no restore of this catalog has made is never touched, whatever it is called.",
  input: z.object({ ...cleanupFields, given: givenNames }).superRefine(({ given }, context) => {
    const message = unknownNames(given, Object.keys(cleanupFields));
    if (message !== undefined) context.addIssue({ code: "custom", path: [], message });
  }),
  run: async ({ starrocks, run_id, tables = [], dry_run }) =>
    renderCleanup(
      await cleanUp(clusterSettings(starrocks), { runId: run_id, tables, dryRun: dry_run }, progress),
    ),
});
