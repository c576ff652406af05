import type { Catalog } from "../../catalog/catalog.ts";
import type { BackupRecord } from "../../catalog/history.ts";
import {
  countManifests,
  eachTablesManifest,
  type ManifestPartition,
  type ManifestTable,
  readManifestTables,
} from "../../catalog/manifest.ts";
import { BackupError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import type { Baseline } from "../../planning/backup/backup-plan.ts";
import { type BaselineQuestion, chooseBaselines } from "../../planning/backup/baseline.ts";
import { type BaselineTable, baselineTable } from "../../planning/backup/baseline-table.ts";
import { chain, coveredTables } from "../../planning/coverage.ts";
import { tableKey } from "../../planning/live-table.ts";
import { brokenManifests } from "../../planning/whole-manifests.ts";
import { readCompleteSnapshots } from "../../starrocks/observe/snapshot.ts";

export interface Baselines {
  /** By database; a database without one gets a full. */
  readonly baselines: ReadonlyMap<string, Baseline>;
  /** What the manifests of the baselines' chains say of tables. */
  readonly manifestTables: readonly ManifestTable[];
  /** Why a database gets a full although more was possible. */
  readonly notes: readonly string[];
}

/** A database and the chain it is compared with, newest first. */
interface Chosen {
  readonly database: string;
  readonly record: BackupRecord;
  readonly labels: readonly string[];
}

/**
 * Chooses what each database is compared with, makes sure that its snapshots still exist, and reads what they hold.
 *
 * @throws {BackupError} `BASELINE_GONE` when a snapshot of the chain is no longer in the repository (type `auto` makes a
 * full then), and what {@link chooseBaselines} says
 */
export async function readBaselines(catalog: Catalog, question: BaselineQuestion): Promise<Baselines> {
  const { policy, finished, repository } = question;
  if (policy.type === "full") return { baselines: new Map(), manifestTables: [], notes: [] };
  const choices = chooseBaselines(question);
  const byLabel = new Map(finished.map((record) => [record.label, record]));
  const chosen = [...choices].flatMap(([database, choice]) =>
    choice.kind === "full"
      ? []
      : [{ database, record: choice.record, labels: chain(choice.record.label, byLabel) }],
  );
  const gone = await goneSnapshots(catalog, repository, chosen, byLabel);
  const [lost] = chosen.filter((each) => each.labels.some((label) => gone.has(label)));
  if (lost !== undefined && policy.type === "incremental") throw baselineGone(lost, gone, repository);
  const broken = await readBroken(catalog, chosen, byLabel);
  const brokenNotes = chosen.flatMap(({ database, labels }) =>
    labels.flatMap((label) => {
      const there = broken.get(label);
      return there === undefined
        ? []
        : [`${database}: full, because the manifest of ${label} is not whole: ${there}.`];
    }),
  );
  const kept = chosen.filter((each) => !each.labels.some((label) => gone.has(label) || broken.has(label)));
  const fulls = [...choices].flatMap(([database, choice]) =>
    choice.kind === "full" ? [`${database}: full, because ${choice.reason}.`] : [],
  );
  const lostNotes = chosen
    .filter((each) => each.labels.some((label) => gone.has(label)))
    .map((each) => `${each.database}: full, because a snapshot of its chain is gone from ${repository}.`);
  const labels = [...new Set(kept.flatMap((each) => each.labels))];
  const manifestTables = await readManifestTables(catalog, labels);
  const baselines = await coverage(catalog, kept, labels, manifestTables);
  return { baselines, manifestTables, notes: [...fulls, ...lostNotes, ...brokenNotes] };
}

/** Labels whose manifest is not whole, with what there is of it. Nothing can be compared with them. */
async function readBroken(
  catalog: Catalog,
  chosen: readonly Chosen[],
  byLabel: ReadonlyMap<string, BackupRecord>,
): Promise<ReadonlyMap<string, string>> {
  const labels = [...new Set(chosen.flatMap((each) => each.labels))];
  const records = labels.flatMap((label) => byLabel.get(label) ?? []);
  const broken = brokenManifests(records, await countManifests(catalog, labels));
  return new Map(broken.map(({ label, there }) => [label, there]));
}

/** Restore points without a snapshot have nothing in the repository. */
async function goneSnapshots(
  catalog: Catalog,
  repository: string,
  chosen: readonly Chosen[],
  byLabel: ReadonlyMap<string, BackupRecord>,
): Promise<ReadonlySet<string>> {
  const labels = [...new Set(chosen.flatMap((each) => each.labels))];
  const stored = labels.filter((label) => byLabel.get(label)?.snapshotTimestamp !== undefined);
  const complete = await readCompleteSnapshots(catalog.session, repository, stored);
  return new Set(stored.filter((label) => !complete.has(label)));
}

async function coverage(
  catalog: Catalog,
  chosen: readonly Chosen[],
  labels: readonly string[],
  manifestTables: readonly ManifestTable[],
): Promise<ReadonlyMap<string, Baseline>> {
  const entries = groupBy(manifestTables, tableKey);
  const chains = new Map(chosen.map((each) => [each.database, each.labels]));
  const packed = new Map<string, BaselineTable>();
  const pack = (key: string, database: string, partitions: readonly ManifestPartition[]) => {
    const covered = coveredTables(chains.get(database) ?? [], entries.get(key) ?? [], partitions);
    const table = covered.tables.get(key);
    // A table whose chain is broken is not covered, so it goes whole.
    if (table !== undefined) packed.set(key, baselineTable(table));
  };
  // A table may have been empty all along: then no partition of it will come up.
  for (const [key, [entry]] of entries) if (entry !== undefined) pack(key, entry.database, []);
  await eachTablesManifest(catalog, labels, (partitions) => {
    const [first] = partitions;
    if (first !== undefined) pack(tableKey(first), first.database, partitions);
  });
  return new Map(chosen.map(({ database, record }) => [database, { label: record.label, tables: packed }]));
}

function baselineGone(lost: Chosen, gone: ReadonlySet<string>, repository: string): BackupError {
  const missing = lost.labels.filter((label) => gone.has(label));
  return new BackupError({
    code: "BASELINE_GONE",
    message: `The baseline ${lost.record.label} needs ${missing.join(", ")}, no longer in repository ${repository}.`,
    next: "Run a full backup of the group; later incrementals stand on that one.",
  });
}
