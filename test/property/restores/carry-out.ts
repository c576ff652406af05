import { BackupError } from "../../../lib/errors.ts";
import { startRun } from "../../../lib/operations/run/poll.ts";
import { reportRun } from "../../../lib/operations/run/report.ts";
import { type Approval, startRestore } from "../../../lib/operations/run/start-restore.ts";
import { silent } from "../../support/silent.ts";
import { wholeJob } from "../cluster.ts";
import type { History } from "../model.ts";

/** Approves a planned run and carries it to its end. @returns what it failed with; undefined: it has finished */
export async function carryOut(
  { cluster, log }: History,
  planned: Pick<Approval, "runId" | "planHash" | "operation">,
): Promise<BackupError | undefined> {
  const { runId, planHash, operation } = planned;
  const approval: Approval = { runId, planHash, operation, approved: true, approvers: [] };
  let { done } = await startRestore(cluster.settings, approval, silent);
  for (let job = 0; !done && job < 100; job++) {
    await cluster.ticks(wholeJob);
    ({ done } = await startRun(cluster.settings, approval, silent));
  }
  try {
    await reportRun(cluster.settings, approval, silent);
    return undefined;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    log.push(`-- failed: ${error.message}`);
    return error;
  }
}
