import * as z from "zod";
import { cancelRun } from "../lib/operations/cancel.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { runId, starrocksResource } from "../lib/windmill/fields.ts";
import { progress } from "../lib/windmill/progress.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Stop a backup or restore run",
  description:
    "Cancels the run's jobs in StarRocks, records the run as cancelled, frees its job slots and drops its temporary tables. Cancelling a flow in Windmill does not stop the job in StarRocks; this does.",
  input: z.object({ starrocks: starrocksResource, run_id: runId }),
  run: ({ starrocks, run_id }) => cancelRun(clusterSettings(starrocks), run_id, progress),
});
