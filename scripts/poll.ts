import * as z from "zod";
import { pollRun } from "../lib/operations/poll.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { cancelStalled, runId, stallMinutes, starrocksResource } from "../lib/windmill/fields.ts";
import { progress } from "../lib/windmill/progress.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Carry a run on until it is over",
  description:
    "Waits for StarRocks' jobs and does whatever comes next in a backup or restore run, until it is over or the time is up. Safe to be killed, to be run again and to run twice at once.",
  input: z.object({
    starrocks: starrocksResource,
    run_id: runId,
    wait_seconds: z.number().int().min(0).max(3600).default(120).meta({
      title: "Wait at most (seconds)",
      description: "A flow calls again until the run is over.",
    }),
    stall_minutes: stallMinutes,
    cancel_stalled: cancelStalled,
  }),
  run: ({ starrocks, run_id, wait_seconds, stall_minutes, cancel_stalled }) => {
    const patience = { stallSeconds: stall_minutes * 60, cancelStalled: cancel_stalled };
    return pollRun(clusterSettings(starrocks), run_id, wait_seconds, patience, progress);
  },
});
