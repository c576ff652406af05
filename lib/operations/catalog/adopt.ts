import {
  adoptBackup,
  type ForeignBackup,
  newestFullBefore,
  readForeignBackups,
} from "../../catalog/adoption.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import { keyHash } from "../../catalog/key-hash.ts";
import { type ManifestPartition, type ManifestTable, writeManifest } from "../../catalog/manifest.ts";
import { groupBy } from "../../group-by.ts";
import type { Skipped } from "../../planning/skipped.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readPartitions } from "../../starrocks/observe/partitions.ts";
import { readSnapshot, readStoredSnapshot, type StoredSnapshot } from "../../starrocks/observe/snapshot.ts";
import type { Progress } from "../step/progress.ts";

export interface Adoption {
  /** Labels of starrocks-br that can be restored from now on. */
  readonly adopted: readonly string[];
  readonly left: readonly Skipped[];
}

/**
 * Makes the backups that starrocks-br has recorded restorable. Its manifest says neither which tables were unchanged nor
 * what stood beside a `*`, so the repository is asked what each snapshot holds. Without fingerprints they are no baselines:
 * the next backup of a group is a full.
 */
export async function adoptForeignBackups(catalog: Catalog, progress: Progress): Promise<Adoption> {
  const foreign = await readForeignBackups(catalog);
  // Fulls first: an incremental stands on one of them.
  const ordered = [...foreign].sort(
    (one, other) => Number(one.type !== "full") - Number(other.type !== "full"),
  );
  const left: Skipped[] = [];
  for (const backup of ordered) {
    const reason = await adopt(catalog, backup);
    if (reason === undefined) progress.say(`Took over ${backup.label} of starrocks-br`);
    else left.push({ object: backup.label, reason });
  }
  const refused = new Set(left.map((each) => each.object));
  return { adopted: foreign.map((each) => each.label).filter((label) => !refused.has(label)), left };
}

/** @returns why it cannot be restored; undefined when it can */
async function adopt(catalog: Catalog, backup: ForeignBackup): Promise<string | undefined> {
  const { label, repository, type } = backup;
  const found = await look(catalog, backup);
  if (found?.kind !== "complete") return `its snapshot cannot be read in repository ${repository}`;
  const stored = await readStoredSnapshot(catalog.session, repository, label, found.timestamp);
  if (stored === undefined) return `the contents of its snapshot cannot be read in repository ${repository}`;
  const baseline =
    type === "full" ? undefined : await newestFullBefore(catalog, stored.database, backup.finishedAt);
  if (type === "incremental" && baseline === undefined) return "the full it stands on is not in the catalog";
  const manifest = await manifestOf(catalog, backup, stored);
  await writeManifest(catalog, manifest.tables, manifest.partitions);
  await adoptBackup(catalog, backup, {
    runId: `backup_${keyHash(label).slice(0, 8)}`,
    database: stored.database,
    baseline,
    snapshotTimestamp: found.timestamp,
    tables: manifest.tables.length,
    partitions: manifest.partitions.length,
  });
  return undefined;
}

async function look(catalog: Catalog, { label, repository }: ForeignBackup) {
  try {
    return await readSnapshot(catalog.session, repository, label);
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "unknown-repository") return undefined;
    throw error;
  }
}

/** What the snapshot holds, as a manifest; what it does not say is taken from the live table, where there is one. */
async function manifestOf(
  catalog: Catalog,
  { label, type }: ForeignBackup,
  { database, content }: StoredSnapshot,
): Promise<{ readonly tables: readonly ManifestTable[]; readonly partitions: readonly ManifestPartition[] }> {
  const live = groupBy(
    await readPartitions(catalog.session, [{ database, tables: [...content.keys()] }]),
    (partition) => partition.table,
  );
  const tables = [...content].map(([table, names]): ManifestTable => {
    const rows = live.get(table) ?? [];
    return {
      ...{ label, database, table },
      content: type === "full" ? "whole" : "partitions",
      schemaHash: "",
      partitionKind: names.size === 1 && names.has(table) ? "none" : "range",
      automatic: [...names, ...rows.map((row) => row.partition)].some((name) => name.startsWith("$")),
      replicationNum: Math.max(...rows.map((row) => row.replicationNum), rows.length === 0 ? 3 : 1),
    };
  });
  const partitions = [...content].flatMap(([table, names]) =>
    [...names]
      .filter((partition) => !partition.startsWith("$"))
      .map((partition): ManifestPartition => {
        const facts = { presence: "held", fingerprint: "", rows: 0, bytes: 0, value: undefined } as const;
        return { label, database, table, partition, ...facts };
      }),
  );
  return { tables, partitions };
}
