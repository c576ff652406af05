import * as z from "zod";
import { reportRun } from "../lib/operations/run/report.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { runId, starrocksResource } from "../lib/windmill/forms/fields.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderReport } from "../lib/windmill/results/report.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Report how a run went",
  description: "Says what a backup or restore run did.",
  input: z.object({
    starrocks: starrocksResource,
    run_id: runId,
    notes: z.array(z.string()).default([]).meta({
      title: "Notes",
      description: "What the plan noted; given by a flow.",
    }),
  }),
  run: async ({ starrocks, run_id, notes }) =>
    renderReport(await reportRun(clusterSettings(starrocks), run_id, progress), notes),
});
