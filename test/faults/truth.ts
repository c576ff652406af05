import { backupPlanner } from "../../lib/operations/backup/planner.ts";
import { planRun } from "../../lib/operations/run/plan.ts";
import { silent } from "../support/silent.ts";
import type { World } from "../support/world.ts";

/** What must hold whenever no run is at work, each as what was found instead. */
export interface Truth {
  /** Slots that somebody still holds. */
  readonly held: readonly unknown[];
  /** Runs that nobody will end any more. */
  readonly openRuns: readonly unknown[];
  /** Snapshots that nobody will end any more. */
  readonly openBackups: readonly unknown[];
  /** Labels of manifests that belong to no backup. */
  readonly strayManifests: readonly string[];
  /** Snapshots of the repository that the catalog does not know, and the other way round. */
  readonly disagreements: readonly string[];
  readonly restorePoints: number;
  /** What an incremental right now would copy. */
  readonly unsaved: readonly string[];
}

/** Everything is as it should be. */
export const sound: Omit<Truth, "restorePoints"> = {
  held: [],
  openRuns: [],
  openBackups: [],
  strayManifests: [],
  disagreements: [],
  unsaved: [],
};

export async function readTruth(world: World): Promise<Truth> {
  const { client } = world;
  const finished = await labels(world, "ops.backup_history WHERE status = 'FINISHED'");
  const unchanged = await labels(world, "ops.backup_history WHERE status = 'NOTHING_TO_DO'");
  const manifests = new Set([
    ...(await labels(world, "ops.backup_tables")),
    ...(await labels(world, "ops.backup_partitions")),
  ]);
  const stored = (await client.rows("SHOW SNAPSHOT ON repo")).map((row) => ({
    label: String(row["Snapshot"]),
    ok: row["Status"] === "OK",
  }));
  return {
    held: await client.rows("SELECT scope, label, run_id FROM ops.run_status WHERE state = 'ACTIVE'"),
    openRuns: await client.rows("SELECT run_id, state FROM ops.runs WHERE state IN ('PLANNED', 'RUNNING')"),
    openBackups: await client.rows(
      "SELECT label, run_id, status FROM ops.backup_history WHERE status IN ('PLANNED', 'SUBMITTED')",
    ),
    strayManifests: [...manifests].filter((label) => !finished.has(label) && !unchanged.has(label)),
    disagreements: [
      ...stored
        .filter((each) => !each.ok || !finished.has(each.label))
        .map((each) => `${each.label}: not in the catalog`),
      ...[...finished]
        .filter((label) => !stored.some((each) => each.label === label))
        .map((label) => `${label}: not in the repository`),
    ],
    restorePoints: finished.size + unchanged.size,
    unsaved: await unsaved(world),
  };
}

/** How many backups can be restored, those included for which nothing had to be copied. */
export async function countRestorePoints({ client }: World): Promise<number> {
  const [row] = await client.rows(
    "SELECT count(DISTINCT label) AS points FROM ops.backup_history WHERE status IN ('FINISHED', 'NOTHING_TO_DO')",
  );
  return Number(row?.["points"]);
}

async function labels(world: World, from: string): Promise<ReadonlySet<string>> {
  const rows = await world.client.rows(`SELECT DISTINCT label FROM ${from}`);
  return new Set(rows.map((row) => String(row["label"])));
}

/** The next backup, planned but not made: it stands on everything that the runs before it left. */
async function unsaved(world: World): Promise<readonly string[]> {
  const { plan } = await planRun(
    world.settings,
    backupPlanner({
      group: "g",
      policy: { type: "incremental", baseline: "latest", fullEverySeconds: undefined, maxChain: undefined },
      maxPartitionsPerJob: 10_000,
      name: undefined,
      repository: undefined,
      dryRun: true,
    }),
    silent,
  );
  return plan.snapshots
    .filter((snapshot) => snapshot.isChange)
    .flatMap((snapshot) => snapshot.tables.map((table) => `${table.table}: ${table.content}`));
}
