import type { BackupRecord } from "../catalog/history.ts";
import type { ManifestPartition, ManifestTable } from "../catalog/manifest.ts";
import { groupBy } from "../group-by.ts";
import { tableKey } from "./live-table.ts";

/** A partition at a restore point, and the snapshot that holds it. */
export interface CoveredPartition {
  readonly partition: string;
  readonly label: string;
  readonly fingerprint: string;
  readonly rows: number;
  readonly bytes: number;
  /** Its range or values; undefined where the manifest does not say. */
  readonly value: string | undefined;
}

/** A table at a restore point. */
export interface CoveredTable {
  readonly database: string;
  readonly table: string;
  readonly schemaHash: string;
  readonly partitionKind: ManifestTable["partitionKind"];
  readonly automatic: boolean;
  readonly replicationNum: number;
  readonly partitions: ReadonlyMap<string, CoveredPartition>;
}

/**
 * The labels a snapshot stands on, itself first, the full last: its recorded baselines, never a guess by name or
 * time. A baseline that is not among the finished backups ends the chain; {@link coveredTables} then reports what
 * cannot be resolved.
 */
export function chain(label: string, finished: ReadonlyMap<string, BackupRecord>): readonly string[] {
  const labels: string[] = [];
  for (let next: string | undefined = label; next !== undefined; next = finished.get(next)?.baseline) {
    if (!finished.has(next) || labels.includes(next)) break;
    labels.push(next);
  }
  return labels;
}

export interface Coverage {
  readonly tables: ReadonlyMap<string, CoveredTable>;
  /** Tables whose chain is broken: no whole copy can be reached. */
  readonly broken: readonly string[];
}

/**
 * What a restore point holds: for each of its tables the newest entry per partition, down to the newest snapshot that
 * holds the table whole; partitions dropped since stay dropped.
 *
 * @param labels a chain, newest first
 */
export function coveredTables(
  labels: readonly string[],
  tables: readonly ManifestTable[],
  partitions: readonly ManifestPartition[],
): Coverage {
  const entries = new Map(tables.map((table) => [`${table.label}/${tableKey(table)}`, table]));
  const partitionsByTable = groupBy(partitions, (partition) => `${partition.label}/${tableKey(partition)}`);
  const covered = new Map<string, CoveredTable>();
  const broken: string[] = [];
  for (const table of tables.filter((each) => each.label === labels[0])) {
    const key = tableKey(table);
    const found = newestEntries(key, labels, entries, partitionsByTable);
    if (found === undefined) broken.push(key);
    else covered.set(key, { ...tableFacts(table), partitions: found });
  }
  return { tables: covered, broken };
}

function newestEntries(
  key: string,
  labels: readonly string[],
  entries: ReadonlyMap<string, ManifestTable>,
  partitionsByTable: ReadonlyMap<string, readonly ManifestPartition[]>,
): ReadonlyMap<string, CoveredPartition> | undefined {
  const decided = new Map<string, ManifestPartition>();
  for (const label of labels) {
    const table = entries.get(`${label}/${key}`);
    if (table === undefined) return undefined;
    for (const entry of partitionsByTable.get(`${label}/${key}`) ?? []) {
      if (!decided.has(entry.partition)) decided.set(entry.partition, entry);
    }
    if (table.content === "whole" || table.content === "split") return held(decided);
  }
  return undefined;
}

function held(decided: ReadonlyMap<string, ManifestPartition>): ReadonlyMap<string, CoveredPartition> {
  const present = [...decided.values()].filter((entry) => entry.presence === "held");
  return new Map(
    present.map(({ partition, label, fingerprint, rows, bytes, value }) => [
      partition,
      { partition, label, fingerprint, rows, bytes, value },
    ]),
  );
}

function tableFacts(table: ManifestTable): Omit<CoveredTable, "partitions"> {
  const { database, schemaHash, partitionKind, automatic, replicationNum } = table;
  return { database, table: table.table, schemaHash, partitionKind, automatic, replicationNum };
}
