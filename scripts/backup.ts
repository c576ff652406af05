import * as z from "zod";
import { startRun } from "../lib/operations/run/poll.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { planHash, runId, starrocksResource } from "../lib/windmill/forms/fields.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderPoll } from "../lib/windmill/results/poll.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Submit a planned backup",
  description:
    "Takes the job slots of the run's databases and submits its snapshots. Safe to run again: what was submitted already is found, not repeated.",
  input: z.object({ starrocks: starrocksResource, run_id: runId, plan_hash: planHash }),
  run: async ({ starrocks, run_id, plan_hash }) =>
    renderPoll(await startRun(clusterSettings(starrocks), { runId: run_id, planHash: plan_hash }, progress)),
});
