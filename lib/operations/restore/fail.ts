import type { Catalog } from "../../catalog/catalog.ts";
import { updateRestore } from "../../catalog/restores.ts";
import { BackupError } from "../../errors.ts";
import type { RestoreObservation } from "../../planning/restore/decision.ts";
import { isTemporaryOf } from "../../planning/restore/names.ts";
import { dropTableStatement } from "../../starrocks/statements/alter.ts";
import type { Progress } from "../step/progress.ts";
import { runMark } from "../step/run-id.ts";

/** Gives up on the open tables of one database: temporary tables are dropped, live tables were never touched. */
export async function failTables(
  catalog: Catalog,
  runId: string,
  seen: RestoreObservation,
  error: string,
  progress: Progress,
): Promise<void> {
  for (const { planned, stage } of seen.tables) {
    if (stage === "over") continue;
    const temporary = new Set([...planned.parts.map((part) => part.as), planned.assembledAs]);
    for (const table of temporary) await dropTemporary(catalog, runId, seen.database, table);
    await updateRestore(
      catalog,
      { runId, database: planned.database, table: planned.table },
      { status: "FAILED", error },
    );
    progress.say(`${planned.database}.${planned.table}: FAILED: ${error}`);
  }
}

/**
 * Drops a table that only a run needs. The name may come from a stored plan, which whoever writes the catalog can edit.
 *
 * @throws {BackupError} `NOT_TEMPORARY` for a name that does not carry the run's mark; nothing is dropped
 */
export async function dropTemporary(
  catalog: Catalog,
  runId: string,
  database: string,
  table: string,
): Promise<undefined> {
  if (!isTemporaryOf(runMark(runId), table)) throw notTemporary(runId, `${database}.${table}`);
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
