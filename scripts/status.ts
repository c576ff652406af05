import * as z from "zod";
import { readStatus } from "../lib/operations/status/status.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { starrocksResource } from "../lib/windmill/fields.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderStatus } from "../lib/windmill/results/status.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Show what is going on",
  description:
    "Lists the backup and restore runs that are open, and records the end of those that nobody works for any more, such as after a flow was cancelled in Windmill: what StarRocks had finished is kept and can be restored.",
  input: z.object({ starrocks: starrocksResource }),
  run: async ({ starrocks }) => renderStatus(await readStatus(clusterSettings(starrocks), progress)),
});
