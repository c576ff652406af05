import type { BackupType } from "../../catalog/history.ts";
import type { ManifestPartition, ManifestTable } from "../../catalog/manifest.ts";
import type { CoveredTable } from "../coverage.ts";
import { groupBy } from "../group-by.ts";
import { backupLabel } from "../label.ts";
import { type LiveTable, tableKey } from "../live-table.ts";
import type { Skipped } from "../skipped.ts";
import { changedSince, type TableChange, wholeTable } from "./changes.ts";

/** The frozen description of a backup run; small. Its partitions are rows of the catalog. */
export interface BackupPlan {
  readonly operation: "backup";
  readonly group: string;
  readonly type: BackupType;
  readonly repository: string;
  /** The FE's clock when the partitions were listed; UTC. */
  readonly plannedAt: string;
  readonly snapshots: readonly PlannedSnapshot[];
  readonly skipped: readonly Skipped[];
  /** Everything in the group's tables, copied or not. */
  readonly total: Amount;
}

export interface PlannedSnapshot extends Amount {
  readonly label: string;
  readonly database: string;
  readonly type: BackupType;
  readonly baseline: string | undefined;
  readonly tables: readonly PlannedTable[];
}

export interface PlannedTable extends Amount {
  readonly table: string;
  readonly content: TableChange["content"];
  readonly dropped: number;
  /** Partitions the table has now. */
  readonly of: number;
}

export interface Amount {
  readonly partitions: number;
  readonly rows: number;
  readonly bytes: number;
}

/** What a database's tables are compared with. */
export interface Baseline {
  readonly label: string;
  readonly tables: ReadonlyMap<string, CoveredTable>;
}

export interface BackupQuestion {
  readonly group: string;
  readonly type: BackupType;
  readonly repository: string;
  readonly plannedAt: string;
  readonly tables: readonly LiveTable[];
  readonly skipped: readonly Skipped[];
  /** By database; empty for a full. A database without one gets a full. */
  readonly baselines: ReadonlyMap<string, Baseline>;
  /** Base of the labels, instead of the database's name. */
  readonly name: string | undefined;
}

/** A plan, and the manifests that belong to its labels. */
export interface PlannedBackup {
  readonly plan: BackupPlan;
  readonly manifestTables: readonly ManifestTable[];
  readonly manifestPartitions: readonly ManifestPartition[];
}

/**
 * Decides what a backup run copies: per database one snapshot with everything (full) or with what changed since the
 * database's baseline. A run in which nothing changed has no snapshots.
 *
 * @param labelledAt instant in the labels, UTC; later than `plannedAt` where those labels are taken
 */
export function planBackup(question: BackupQuestion, labelledAt: string): PlannedBackup {
  const { copyable, blocked } = withoutTemporaryPartitions(question.tables);
  const byDatabase = [...groupBy(copyable, (table) => table.database)];
  const changes = byDatabase.map(([database, tables]) => databaseChanges(database, tables, question));
  const changed = changes.some((change) => change.tables.some(isChange));
  const drafts = changed
    ? changes.map((change) => draft(change, question, labelledAt, byDatabase.length > 1))
    : [];
  return {
    plan: {
      operation: "backup",
      group: question.group,
      type: question.type,
      repository: question.repository,
      plannedAt: question.plannedAt,
      snapshots: drafts.map((each) => each.snapshot),
      skipped: [...question.skipped, ...blocked],
      total: sum(copyable.map((table) => amount([...table.partitions.values()]))),
    },
    manifestTables: drafts.flatMap((each) => each.manifestTables),
    manifestPartitions: drafts.flatMap((each) => each.manifestPartitions),
  };
}

interface DatabaseChanges {
  readonly database: string;
  readonly type: BackupType;
  readonly baseline: string | undefined;
  readonly tables: readonly TableChange[];
}

function databaseChanges(
  database: string,
  tables: readonly LiveTable[],
  question: BackupQuestion,
): DatabaseChanges {
  const baseline = question.baselines.get(database);
  if (baseline === undefined) return { database, type: "full", baseline, tables: tables.map(wholeTable) };
  const changes = tables.map((table) => changedSince(table, baseline.tables.get(tableKey(table))));
  return { database, type: "incremental", baseline: baseline.label, tables: changes };
}

function isChange(change: TableChange): boolean {
  return change.content !== "unchanged" || change.dropped.length > 0;
}

interface Draft {
  readonly snapshot: PlannedSnapshot;
  readonly manifestTables: readonly ManifestTable[];
  readonly manifestPartitions: readonly ManifestPartition[];
}

function draft(
  change: DatabaseChanges,
  question: BackupQuestion,
  labelledAt: string,
  several: boolean,
): Draft {
  const { database, type, baseline } = change;
  const base =
    question.name === undefined ? database : several ? `${question.name}_${database}` : question.name;
  const label = backupLabel(base, labelledAt, type);
  const copied = change.tables.flatMap((each) => each.copied);
  return {
    snapshot: { label, database, type, baseline, tables: change.tables.map(plannedTable), ...amount(copied) },
    manifestTables: change.tables.map((each) => manifestTable(label, each)),
    manifestPartitions: change.tables.flatMap((each) => manifestPartitions(label, each)),
  };
}

function plannedTable(change: TableChange): PlannedTable {
  return {
    table: change.table.table,
    content: change.content,
    dropped: change.dropped.length,
    of: change.table.partitions.size,
    ...amount(change.copied),
  };
}

function manifestTable(label: string, change: TableChange): ManifestTable {
  const { database, table, schemaHash, partitionKind, automatic, replicationNum } = change.table;
  return {
    label,
    database,
    table,
    content: change.content,
    schemaHash,
    partitionKind,
    automatic,
    replicationNum,
  };
}

function manifestPartitions(label: string, change: TableChange): readonly ManifestPartition[] {
  const { database, table } = change.table;
  return [
    ...change.copied.map((partition) => ({
      label,
      database,
      table,
      presence: "held" as const,
      ...partition,
    })),
    ...change.dropped.map((partition) => ({
      label,
      database,
      table,
      partition,
      presence: "dropped" as const,
      fingerprint: "",
      rows: 0,
      bytes: 0,
    })),
  ];
}

/** BACKUP refuses a table with temporary partitions, and with it the whole statement. */
function withoutTemporaryPartitions(tables: readonly LiveTable[]): {
  readonly copyable: readonly LiveTable[];
  readonly blocked: readonly Skipped[];
} {
  const blocked = tables.filter((table) => table.temporaryPartitions.length > 0);
  return {
    copyable: tables.filter((table) => table.temporaryPartitions.length === 0),
    blocked: blocked.map((table) => ({
      object: tableKey(table),
      reason: `temporary partitions (${table.temporaryPartitions.slice(0, 3).join(", ")}): an overwrite is in flight, or they were left behind`,
    })),
  };
}

function amount(partitions: readonly { readonly rows: number; readonly bytes: number }[]): Amount {
  return sum(partitions.map(({ rows, bytes }) => ({ partitions: 1, rows, bytes })));
}

function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce(
    (total, each) => ({
      partitions: total.partitions + each.partitions,
      rows: total.rows + each.rows,
      bytes: total.bytes + each.bytes,
    }),
    { partitions: 0, rows: 0, bytes: 0 },
  );
}
