import type { BackupType } from "../../catalog/history.ts";
import type { ManifestPartition, WrittenTable } from "../../catalog/manifest.ts";
import { groupBy } from "../../group-by.ts";
import { backupLabel } from "../label.ts";
import type { Amount } from "../live-table.ts";
import type { Skipped } from "../skipped.ts";
import type { BaselineTable } from "./baseline-table.ts";
import type { TableChange } from "./changes.ts";
import { splitIntoParts } from "./parts.ts";

/** The frozen description of a backup run; small. Its partitions are rows of the catalog. */
export interface BackupPlan {
  readonly operation: "backup";
  readonly group: string;
  readonly type: BackupType | "auto";
  readonly repository: string;
  /** The FE's clock when the partitions were listed; UTC. */
  readonly plannedAt: string;
  /** Nothing has to be copied and nothing was dropped: what exists covers the state. */
  readonly nothingToDo: boolean;
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
  /** Counts from 1. */
  readonly part: number;
  readonly parts: number;
  readonly isChange: boolean;
  /** How many tables the snapshot stands for, unchanged ones included. */
  readonly tableCount: number;
  /** Those of which something is copied or was dropped. */
  readonly tables: readonly PlannedTable[];
}

export interface PlannedTable extends Amount {
  readonly table: string;
  readonly content: TableChange["content"];
  readonly dropped: number;
  /** Partitions the table has now. */
  readonly of: number;
}

/** What a database's tables are compared with. */
export interface Baseline {
  readonly label: string;
  /** By `database.table`. */
  readonly tables: ReadonlyMap<string, BaselineTable>;
}

export interface BackupQuestion {
  readonly group: string;
  readonly type: BackupPlan["type"];
  readonly repository: string;
  readonly plannedAt: string;
  readonly changes: readonly TableChange[];
  readonly skipped: readonly Skipped[];
  /** Label of each database's baseline. A database without one gets a full. */
  readonly baselines: ReadonlyMap<string, string>;
  /** Base of the labels, instead of the database's name. */
  readonly name: string | undefined;
  /** More partitions than this are copied by several jobs, one after the other. */
  readonly maxPartitionsPerJob: number;
}

/** A plan, and the manifests that belong to its labels. */
export interface PlannedBackup {
  readonly plan: BackupPlan;
  readonly manifestTables: readonly WrittenTable[];
  /** Made as they are taken: there can be very many. */
  readonly manifestPartitions: Iterable<ManifestPartition>;
}

/**
 * Decides what a backup run copies: per database a snapshot with everything (full) or with what changed since the
 * database's baseline. A run in which nothing changed is a restore point all the same, without a snapshot.
 *
 * @param labelledAt instant in the labels, UTC; later than `plannedAt` where those labels are taken
 */
export function planBackup(question: BackupQuestion, labelledAt: string): PlannedBackup {
  const byDatabase = [...groupBy(question.changes, (change) => change.table.database)];
  const drafts = byDatabase
    .map(([database, changes]) => databaseChanges(database, changes, question))
    .flatMap((changes) => draftParts(changes, question, labelledAt, byDatabase.length > 1));
  return {
    plan: {
      operation: "backup",
      group: question.group,
      type: question.type,
      repository: question.repository,
      plannedAt: question.plannedAt,
      nothingToDo: !drafts.some((each) => each.snapshot.isChange),
      snapshots: drafts.map((each) => each.snapshot),
      skipped: question.skipped,
      total: sum(question.changes.map((change) => change.table.holds)),
    },
    manifestTables: drafts.flatMap((each) => each.manifestTables),
    manifestPartitions: { [Symbol.iterator]: () => manifestPartitions(drafts) },
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
  tables: readonly TableChange[],
  question: BackupQuestion,
): DatabaseChanges {
  const baseline = question.baselines.get(database);
  return { database, type: baseline === undefined ? "full" : "incremental", baseline, tables };
}

function isChange(change: TableChange): boolean {
  return change.content !== "unchanged" || change.dropped.length > 0;
}

/** Each part of a database is the baseline of the next; the last one has the plain label and is the restore point. */
function draftParts(
  changes: DatabaseChanges,
  question: BackupQuestion,
  labelledAt: string,
  several: boolean,
): readonly Draft[] {
  const { database, type } = changes;
  const label = backupLabel(labelBase(question.name, database, several), labelledAt, type);
  const parts = splitIntoParts(changes.tables, question.maxPartitionsPerJob);
  const labels = parts.map((_, index) => (index === parts.length - 1 ? label : `${label}_part${index + 1}`));
  return parts.map((tables, index) =>
    draft(
      { label: labels[index] ?? label, part: index + 1, parts: parts.length },
      { ...changes, tables, baseline: labels[index - 1] ?? changes.baseline },
    ),
  );
}

/** @param several whether the run is of several databases */
function labelBase(name: string | undefined, database: string, several: boolean): string {
  if (name === undefined) return database;
  return several ? `${name}_${database}` : name;
}

/**
 * The labels that a run will want where no database is split into parts: whether they are free can be asked for before it is
 * known what is copied.
 */
export function wishedLabels(
  { name, plannedAt }: Pick<BackupQuestion, "name" | "plannedAt">,
  databases: readonly string[],
  type: BackupType | "auto",
): readonly string[] {
  const types: readonly BackupType[] = type === "full" ? ["full"] : ["full", "incremental"];
  return databases.flatMap((database) =>
    types.map((each) => backupLabel(labelBase(name, database, databases.length > 1), plannedAt, each)),
  );
}

interface Draft {
  readonly snapshot: PlannedSnapshot;
  readonly manifestTables: readonly WrittenTable[];
  readonly changes: readonly TableChange[];
}

function draft(
  place: Pick<PlannedSnapshot, "label" | "part" | "parts">,
  { database, type, baseline, tables }: DatabaseChanges,
): Draft {
  const { label } = place;
  return {
    snapshot: {
      ...place,
      ...{ database, type, baseline },
      tableCount: tables.length,
      tables: tables.filter(isChange).map(plannedTable),
      isChange: tables.some(isChange),
      ...sum(tables.map((each) => each.copies)),
    },
    manifestTables: tables.map((each) => manifestTable(label, each)),
    changes: tables,
  };
}

function plannedTable(change: TableChange): PlannedTable {
  return {
    table: change.table.table,
    content: change.content,
    dropped: change.dropped.length,
    of: change.table.holds.partitions,
    ...change.copies,
  };
}

function manifestTable(label: string, change: TableChange): WrittenTable {
  const { database, table, schemaHash, partitionKind, automatic, replicationNum, definition } = change.table;
  const isWhole = change.content === "whole" || change.content === "split";
  return {
    label,
    database,
    table,
    content: change.content,
    schemaHash,
    partitionKind,
    automatic,
    replicationNum,
    definition: isWhole ? definition : undefined,
  };
}

function* manifestPartitions(drafts: readonly Draft[]): Generator<ManifestPartition> {
  for (const { snapshot, changes } of drafts) {
    const { label, database } = snapshot;
    for (const { table, copied, dropped } of changes) {
      const place = { label, database, table: table.table };
      for (const partition of copied.items()) yield { ...place, presence: "held", ...partition };
      for (const partition of dropped)
        yield {
          ...place,
          partition,
          presence: "dropped",
          fingerprint: "",
          rows: 0,
          bytes: 0,
          value: undefined,
        };
    }
  }
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
