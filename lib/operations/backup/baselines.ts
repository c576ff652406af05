import type { Catalog } from "../../catalog/catalog.ts";
import type { BackupRecord } from "../../catalog/history.ts";
import { eachTablesManifest, type ManifestPartition, type ManifestTable } from "../../catalog/manifest.ts";
import { BackupError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import type { Baseline } from "../../planning/backup/backup-plan.ts";
import {
  type BaselineChoice,
  type BaselineQuestion,
  chooseBaselines,
} from "../../planning/backup/baseline.ts";
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
  /** Wished labels that the repository has already. */
  readonly taken: ReadonlySet<string>;
}

/** Labels that the run would like to use: they are looked up beside the baselines'. */
interface Wish {
  readonly wished: readonly string[];
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
export async function readBaselines(catalog: Catalog, question: BaselineQuestion & Wish): Promise<Baselines> {
  const { policy, finished, repository } = question;
  const choices: ReadonlyMap<string, BaselineChoice> =
    policy.type === "full" ? new Map() : chooseBaselines(question);
  const byLabel = new Map(finished.map((record) => [record.label, record]));
  const chosen = [...choices].flatMap(([database, choice]) =>
    choice.kind === "full"
      ? []
      : [{ database, record: choice.record, labels: chain(choice.record.label, byLabel) }],
  );
  const { gone, taken } = await lookUp(catalog, question, chosen, byLabel);
  const [lost] = chosen.filter((each) => each.labels.some((label) => gone.has(label)));
  if (lost !== undefined && policy.type === "incremental") throw baselineGone(lost, gone, repository);
  const stored = chosen.filter((each) => !each.labels.some((label) => gone.has(label)));
  const { baselines, manifestTables, broken } = await coverage(catalog, stored, byLabel);
  const brokenNotes = stored.flatMap(({ database, labels }) =>
    labels.flatMap((label) => {
      const there = broken.get(label);
      return there === undefined
        ? []
        : [`${database}: full, because the manifest of ${label} is not whole: ${there}.`];
    }),
  );
  const fulls = [...choices].flatMap(([database, choice]) =>
    choice.kind === "full" ? [`${database}: full, because ${choice.reason}.`] : [],
  );
  const lostNotes = chosen
    .filter((each) => each.labels.some((label) => gone.has(label)))
    .map((each) => `${each.database}: full, because a snapshot of its chain is gone from ${repository}.`);
  return { baselines, manifestTables, notes: [...fulls, ...lostNotes, ...brokenNotes], taken };
}

interface Stored {
  /** Labels of the chains that are not in the repository any more. */
  readonly gone: ReadonlySet<string>;
  /** Wished labels that are. */
  readonly taken: ReadonlySet<string>;
}

/** Restore points without a snapshot have nothing in the repository. */
async function lookUp(
  catalog: Catalog,
  { repository, wished }: BaselineQuestion & Wish,
  chosen: readonly Chosen[],
  byLabel: ReadonlyMap<string, BackupRecord>,
): Promise<Stored> {
  const labels = [...new Set(chosen.flatMap((each) => each.labels))];
  const stored = labels.filter((label) => byLabel.get(label)?.snapshotTimestamp !== undefined);
  const complete = await readCompleteSnapshots(catalog.session, repository, [...stored, ...wished]);
  return {
    gone: new Set(stored.filter((label) => !complete.has(label))),
    taken: new Set(wished.filter((label) => complete.has(label))),
  };
}

/** What the chains hold. Nothing can be compared with a chain of which a manifest is not whole. */
async function coverage(
  catalog: Catalog,
  chosen: readonly Chosen[],
  byLabel: ReadonlyMap<string, BackupRecord>,
): Promise<{
  readonly baselines: ReadonlyMap<string, Baseline>;
  readonly manifestTables: readonly ManifestTable[];
  /** Labels whose manifest is not whole, with what there is of it. */
  readonly broken: ReadonlyMap<string, string>;
}> {
  const labels = [...new Set(chosen.flatMap((each) => each.labels))];
  const records = labels.flatMap((label) => byLabel.get(label) ?? []);
  const broken = new Map<string, string>();
  const chains = new Map<string, readonly string[]>();
  const manifestTables: ManifestTable[] = [];
  let entries: ReadonlyMap<string, readonly ManifestTable[]> = new Map();
  const packed = new Map<string, BaselineTable>();
  const pack = (key: string, database: string, partitions: readonly ManifestPartition[]) => {
    const covered = coveredTables(chains.get(database) ?? [], entries.get(key) ?? [], partitions);
    const table = covered.tables.get(key);
    // A table whose chain is broken is not covered, so it goes whole.
    if (table !== undefined) packed.set(key, baselineTable(table));
  };
  await eachTablesManifest(catalog, labels, {
    onTables(tables, counts) {
      for (const { label, there } of brokenManifests(records, counts)) broken.set(label, there);
      const whole = chosen.filter(({ labels }) => !labels.some((label) => broken.has(label)));
      for (const { database, labels } of whole) chains.set(database, labels);
      const kept = new Set(whole.flatMap(({ labels }) => labels));
      manifestTables.push(...tables.filter(({ label }) => kept.has(label)));
      entries = groupBy(manifestTables, tableKey);
      // A table may have been empty all along: then no partition of it will come up.
      for (const [key, [entry]] of entries) if (entry !== undefined) pack(key, entry.database, []);
    },
    onTable(partitions) {
      const [first] = partitions;
      if (first !== undefined && chains.has(first.database))
        pack(tableKey(first), first.database, partitions);
    },
  });
  const kept = chosen.filter((each) => chains.has(each.database));
  const baselines = new Map(
    kept.map(({ database, record }) => [database, { label: record.label, tables: packed }]),
  );
  return { baselines, manifestTables, broken };
}

function baselineGone(lost: Chosen, gone: ReadonlySet<string>, repository: string): BackupError {
  const missing = lost.labels.filter((label) => gone.has(label));
  return new BackupError({
    code: "BASELINE_GONE",
    message: `The baseline ${lost.record.label} needs ${missing.join(", ")}, no longer in repository ${repository}.`,
    next: "Run a full backup of the group; later incrementals stand on that one.",
  });
}
