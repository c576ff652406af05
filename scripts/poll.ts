import * as z from "zod";
import { pollRun } from "../lib/operations/run/poll.ts";
import { restoreSettings } from "../lib/windmill/cluster-settings.ts";
import {
  cancelStalled,
  intoCluster,
  planHash,
  runId,
  stallMinutes,
  starrocksResource,
} from "../lib/windmill/forms/fields.ts";
import { numberField } from "../lib/windmill/forms/number-field.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderPoll } from "../lib/windmill/results/poll.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Carry a run on",
  description:
    "Does whatever can be done now for a backup or restore run, and returns when only waiting is left: `done` says whether the run is over, `pause_seconds` when to call again. Safe to be killed, to be run again and to run twice at once.",
  input: z.object({
    starrocks: starrocksResource,
    into: intoCluster,
    run_id: runId,
    plan_hash: planHash,
    wait_seconds: numberField(0, 3600).default(5).meta({
      title: "Wait at most (seconds)",
      description:
        "How long to stay for what may come in a moment; a worker is held meanwhile. A flow calls again.",
    }),
    stall_minutes: stallMinutes,
    cancel_stalled: cancelStalled,
  }),
  run: async ({ starrocks, into, run_id, plan_hash, wait_seconds, stall_minutes, cancel_stalled }) => {
    const polling = {
      waitSeconds: wait_seconds,
      stallSeconds: stall_minutes * 60,
      cancelStalled: cancel_stalled,
    };
    return renderPoll(
      await pollRun(
        restoreSettings({ starrocks, into }),
        { runId: run_id, planHash: plan_hash },
        polling,
        progress,
      ),
    );
  },
});
