import * as z from "zod";
import { reportRun } from "../lib/operations/run/report.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { failOnGaps, planHash, runId, starrocksResource } from "../lib/windmill/forms/fields.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderReport } from "../lib/windmill/results/report.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Report how a run went",
  description: "Says what a backup or restore run did.",
  input: z.object({
    starrocks: starrocksResource,
    run_id: runId,
    plan_hash: planHash,
    notes: z.array(z.string()).default([]).meta({
      title: "Notes",
      description: "What the plan noted; given by a flow.",
    }),
    fail_on_gaps: failOnGaps,
  }),
  run: async ({ starrocks, run_id, plan_hash, notes, fail_on_gaps }) =>
    renderReport(
      await reportRun(clusterSettings(starrocks), { runId: run_id, planHash: plan_hash }, progress),
      notes,
      fail_on_gaps,
    ),
});
