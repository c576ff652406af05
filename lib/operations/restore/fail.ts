import { updateRestore } from "../../catalog/restores.ts";
import { BackupError } from "../../errors.ts";
import type { RestoreObservation } from "../../planning/restore/decision.ts";
import { isTemporaryOf } from "../../planning/restore/names.ts";
import type { PlannedRestore } from "../../planning/restore/restore-plan.ts";
import { dropTableStatement } from "../../starrocks/statements/alter.ts";
import type { DatabaseStep } from "./restore-step.ts";

/** Gives up on the open tables of one database: temporary tables are dropped, live tables were never touched. */
export async function failTables(
  step: DatabaseStep,
  { tables }: RestoreObservation,
  error: string,
): Promise<void> {
  const { catalog, run, database, progress } = step;
  for (const { planned, stage } of tables) {
    if (stage === "over") continue;
    const { table } = planned;
    for (const name of temporaryNames(planned)) await dropTemporary(step, name);
    await updateRestore(catalog, { runId: run.runId, database, table }, { status: "FAILED", error });
    progress.say(`${database}.${table}: FAILED: ${error}`);
  }
}

/** Names of the tables that only the run needs, until one of them is published. */
export function temporaryNames({ parts, assembledAs }: PlannedRestore): readonly string[] {
  return [...new Set([...parts.map((part) => part.as), assembledAs])];
}

/**
 * Drops a table that only a run needs. The name may come from a stored plan, which whoever writes the catalog can edit.
 *
 * @throws {BackupError} `NOT_TEMPORARY` for a name that does not carry the run's mark; nothing is dropped
 */
export async function dropTemporary(
  { catalog, run, database, mark }: DatabaseStep,
  table: string,
): Promise<undefined> {
  if (!isTemporaryOf(mark, table)) throw notTemporary(run.runId, `${database}.${table}`);
  await catalog.session.execute(
    dropTableStatement(database, table),
    `drop the temporary table ${database}.${table}`,
  );
  return undefined;
}

function notTemporary(runId: string, table: string): BackupError {
  return new BackupError({
    code: "NOT_TEMPORARY",
    message: `Run ${runId} was to drop ${table}, which is none of its temporary tables: its stored plan has been changed.`,
    next: "Nothing was dropped. Look who has written to the table runs of the catalog.",
  });
}
