import { secondsLater } from "../instants.ts";
import type { OpenedCatalog } from "./catalog.ts";
import { keyHash } from "./key-hash.ts";
import type { RestoreRecord } from "./restores.ts";
import { now } from "./sql/column.ts";
import { updateStatement } from "./sql/write.ts";
import { type Affected, restoreHistory } from "./tables/restore-history.ts";

/** How long what an undo has put aside is kept. */
const keptSeconds = 7 * 86_400;

/** Records that a restored table was taken back; may be repeated. */
export async function recordUndone(
  catalog: OpenedCatalog,
  { runId, database, table }: Pick<RestoreRecord, "runId" | "database" | "table">,
  undoneBy: string,
  affected: readonly Affected[],
): Promise<void> {
  const keptUntil = secondsLater(catalog.clock(), keptSeconds);
  const match = { jobId: keyHash(runId, database, table), undoneBy: null } as const;
  await catalog.session.execute(
    updateStatement(
      catalog,
      restoreHistory,
      { undoneBy, undoneAt: now, keptUntil, affected: [...affected] },
      match,
    ),
    `record that the restore of ${database}.${table} was undone`,
  );
}
