import { updateRestore } from "../../catalog/restores.ts";
import type { PlannedRestore } from "../../planning/restore/restore-plan.ts";
import { sentence } from "../../sentence.ts";
import type { DatabaseStep } from "./restore-step.ts";
import { dropTemporaries, leftoverText, temporaryNames } from "./temporary.ts";

/** Gives up on tables that are not ready: their temporary tables are dropped, what is live was never touched. */
export async function failTables(
  step: DatabaseStep,
  tables: readonly PlannedRestore[],
  error: string,
): Promise<void> {
  const { catalog, run, database, progress } = step;
  for (const planned of tables) {
    const { table } = planned;
    const left = leftoverText(database, await dropTemporaries(step, temporaryNames(planned)));
    const reason = left === "" ? error : `${sentence(error)}${left}`;
    await updateRestore(
      catalog,
      { runId: run.runId, database, table },
      { status: "FAILED", after: "PLANNED", error: reason },
    );
    progress.say(`${database}.${table}: FAILED: ${reason}`);
  }
}
