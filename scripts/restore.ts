import * as z from "zod";
import { startRestore } from "../lib/operations/run/start-restore.ts";
import { restoreSettings } from "../lib/windmill/cluster-settings.ts";
import { intoCluster, runId, starrocksResource } from "../lib/windmill/forms/fields.ts";
import { textField } from "../lib/windmill/forms/text-field.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderPoll } from "../lib/windmill/results/poll.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Start an approved restore",
  description:
    "Checks the approval against the stored plan and starts restoring into temporary tables. Live tables are touched only when everything is ready.",
  input: z.object({
    starrocks: starrocksResource,
    into: intoCluster,
    run_id: runId,
    plan_hash: textField(/\S+/, "write the plan_hash of the plan").meta({
      title: "Plan",
      description: "plan_hash of the plan that was read and approved.",
    }),
    approved: z
      .boolean()
      .default(false)
      .meta({ title: "Approved", description: "The plan was read and approved." }),
    approvers: z.array(z.string()).default([]).meta({ title: "Approvers", description: "Who approved it." }),
  }),
  run: async ({ starrocks, into, run_id, plan_hash, approved, approvers }) => {
    const approval = {
      runId: run_id,
      planHash: plan_hash,
      approved,
      approvers,
      operation: "restore",
    } as const;
    return renderPoll(await startRestore(restoreSettings({ starrocks, into }), approval, progress));
  },
});
