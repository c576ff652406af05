import * as z from "zod";
import { reportRun } from "../lib/operations/run/report.ts";
import { restoreSettings } from "../lib/windmill/cluster-settings.ts";
import { failOnGaps, intoCluster, planHash, runId, starrocksResource } from "../lib/windmill/forms/fields.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderReport } from "../lib/windmill/results/report.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Report how a run went",
  description: "Says what a backup or restore run did.",
  input: z.object({
    starrocks: starrocksResource,
    into: intoCluster,
    run_id: runId,
    plan_hash: planHash,
    notes: z.array(z.string()).default([]).meta({
      title: "Notes",
      description: "What the plan noted; given by a flow.",
    }),
    fail_on_gaps: failOnGaps,
  }),
  run: async ({ starrocks, into, run_id, plan_hash, notes, fail_on_gaps }) =>
    renderReport(
      await reportRun(restoreSettings({ starrocks, into }), { runId: run_id, planHash: plan_hash }, progress),
      notes,
      fail_on_gaps,
    ),
});
