import type { Catalog } from "../../catalog/catalog.ts";
import { updateRestore } from "../../catalog/restores.ts";
import type { RestoreObservation } from "../../planning/restore/decision.ts";
import { dropTableStatement } from "../../starrocks/statements/alter.ts";
import type { Progress } from "../progress.ts";

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
    for (const table of temporary) await dropTemporary(catalog, seen.database, table);
    await updateRestore(
      catalog,
      { runId, database: planned.database, table: planned.table },
      { status: "FAILED", error },
    );
    progress.say(`${planned.database}.${planned.table}: FAILED: ${error}`);
  }
}

/** Only names made by `partName` come here: such a table never holds live or replaced data. */
export async function dropTemporary(catalog: Catalog, database: string, table: string): Promise<undefined> {
  await catalog.session.execute(
    dropTableStatement(database, table),
    `drop the temporary table ${database}.${table}`,
  );
  return undefined;
}
