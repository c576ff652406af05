import { migrate } from "../../catalog/migrations.ts";
import { BackupError } from "../../errors.ts";
import type { Skipped } from "../../planning/skipped.ts";
import { checkHealth } from "../step/health.ts";
import type { Progress } from "../step/progress.ts";
import { verifiedRepository } from "../step/repository.ts";
import type { ClusterSettings } from "../step/settings.ts";
import { withSession } from "../step/with-catalog.ts";
import { adoptForeignBackups } from "./adopt.ts";

export interface InitResult {
  readonly status: "CREATED" | "UP_TO_DATE";
  readonly database: string;
  /** Versions applied now. */
  readonly migrations: readonly number[];
  /** Backups of starrocks-br that can be restored from now on, and those that cannot, with the reason. */
  readonly adopted: readonly string[];
  readonly skipped: readonly Skipped[];
  readonly notes: readonly string[];
}

/**
 * Creates the catalog, or brings an older one up to date. May be run at any time.
 *
 * @param replicationNum copies of the catalog's tables; by default three, or as many as there are live backends
 * @throws {BackupError} `REPLICATION_UNKNOWN` when it is not given and the backends cannot be seen
 */
export async function initCatalog(
  settings: ClusterSettings,
  replicationNum: number | undefined,
  progress: Progress,
): Promise<InitResult> {
  return await withSession(settings, async (session) => {
    const health = await checkHealth(session);
    if (settings.repository !== undefined) await verifiedRepository(session, settings.repository, "read");
    const copies = replicationNum ?? defaultReplication(health.aliveBackends);
    progress.say(`Creating the catalog in ${settings.opsDatabase}, ${copies} replica(s) a table`);
    const catalog = { session, database: settings.opsDatabase };
    const migrations = await migrate(catalog, copies);
    const { adopted, left } = await adoptForeignBackups(catalog, progress);
    return {
      status: migrations.length > 0 ? "CREATED" : "UP_TO_DATE",
      database: settings.opsDatabase,
      migrations,
      adopted,
      skipped: left,
      notes: health.notes,
    };
  });
}

function defaultReplication(aliveBackends: number | undefined): number {
  if (aliveBackends !== undefined) return Math.min(3, aliveBackends);
  throw new BackupError({
    code: "REPLICATION_UNKNOWN",
    message:
      "The number of backends is not visible to this user, so the catalog's replication cannot be chosen.",
    next: "Give replication_num in the form, or grant OPERATE ON SYSTEM.",
  });
}
