import type { ManifestPartition, ManifestTable } from "../../catalog/manifest.ts";
import { groupBy } from "../../group-by.ts";
import type { CoveredPartition, CoveredTable } from "../coverage.ts";
import { planHash } from "../plan-hash.ts";
import type { Skipped } from "../skipped.ts";
import type { TableName } from "./destination.ts";
import { keepName, partName } from "./names.ts";
import type { RestoreCost } from "./preflight/cost.ts";
import type { DurationEstimate } from "./preflight/duration.ts";
import type { SpaceVerdict } from "./preflight/space.ts";

/**
 * `alias`: one snapshot holds all that is needed. `merge`: parts of several are put together. `partitions`: either, and some
 * partitions of the live table are replaced by what was restored.
 */
export type Strategy = "alias" | "merge" | "partitions";

/** The frozen description of a restore run; small: partition lists are rebuilt from the manifests and checked. */
export interface RestorePlan {
  readonly operation: "restore";
  readonly repository: string;
  readonly plannedAt: string;
  /** The time that was asked for, UTC; undefined: a backup was. */
  readonly askedFor?: string;
  /** By how many percent the rows of what is replaced may change until it is; undefined: plans of older releases. */
  readonly maxDrift?: number;
  /**
   * For how long what is replaced is kept once it is; 0: it is dropped when the restored one is live and checked; undefined:
   * plans of older releases, until somebody drops it.
   */
  readonly keepSeconds?: number;
  /** Nothing becomes live unless everything does; undefined: each table's outcome stands for itself. */
  readonly allOrNothing?: true;
  /** The highest id of a table that there was; whatever the run makes has a higher one. */
  readonly newestTable?: string;
  /** Where the backups are restored into another cluster than theirs. */
  readonly clusters?: TwoClusters;
  readonly tables: readonly PlannedRestore[];
  readonly skipped: readonly Skipped[];
  /** What it costs; undefined: plans of older releases. */
  readonly estimate?: Estimate;
}

/** What a restore costs and how long it takes, as far as that is known. */
export interface Estimate extends RestoreCost {
  readonly space: SpaceVerdict;
  /** Undefined: there is no earlier restore to tell by. */
  readonly duration: DurationEstimate | undefined;
}

/** Both clusters of a restore, as `host:port`. */
export interface TwoClusters {
  /** The one whose catalog knows the backups. */
  readonly backupsOf: string;
  readonly into: string;
}

/** One table of a restore. */
export interface PlannedRestore {
  /** Where it goes. */
  readonly database: string;
  readonly table: string;
  /** The table it is restored from, where that has another name. */
  readonly source?: TableName;
  /** The partitions that are restored, sorted; undefined: all of the restore point. */
  readonly only?: readonly string[];
  /** The restore point: its label, and its cut, UTC: every change visible at `cutFrom` is in it, none after `cutTo`. */
  readonly label: string;
  readonly cutFrom: string;
  readonly cutTo: string;
  readonly strategy: Strategy;
  readonly automatic: boolean;
  /** The first part is the newest, since it has the counter of AUTO_INCREMENT that is beyond all ids. */
  readonly newestFirst?: boolean;
  readonly replicationNum: number;
  /** The first part becomes the table; the others are put into it. */
  readonly parts: readonly RestorePart[];
  readonly partitionKind: CoveredTable["partitionKind"];
  /** Name under which the parts are put together. */
  readonly assembledAs: string;
  /** Partitions the first part brings along that the restore point does not have. */
  readonly superfluous: readonly string[];
  /** The table that is live now and gets replaced; undefined: there is none. */
  readonly replaces: LiveTarget | undefined;
  readonly partitions: number;
  readonly rows: number;
  readonly bytes: number;
  /** Of the partitions that the first part brings along and that are dropped again. */
  readonly superfluousBytes?: number;
  /** Partitions of which the manifest does not know how large they are. */
  readonly unknownSizes?: number;
}

/** What one snapshot contributes to one table. */
export interface RestorePart {
  readonly label: string;
  /** What RESTORE wants as `backup_timestamp`. */
  readonly timestamp: string;
  /** Without a PARTITION clause: brings the hidden partition of automatic tables along. */
  readonly whole: boolean;
  readonly partitions: number;
  /** Of the sorted names: the list itself may be long. */
  readonly partitionsHash: string;
  /** Undefined: plans of older releases. */
  readonly rows?: number;
  readonly bytes: number;
  /** Temporary table it is restored into. */
  readonly as: string;
}

export interface LiveTarget {
  readonly partitions: number;
  readonly rows: number;
  readonly bytes: number;
  /** Of its columns and its layout; undefined: plans of older releases. */
  readonly definitionHash?: string;
  /** How the restored table will differ from it: clauses without their ends; undefined where that is not known. */
  readonly differences?: readonly string[];
  /** Other views that read it. */
  readonly plainViews?: readonly string[];
  /** Routine loads into it: StarRocks knows them by the table's id. */
  readonly loads?: readonly string[];
  /** Its partitions come and go by properties of the table. */
  readonly scheduled?: true;
  /** Materialized views that read it: they become inactive when it is replaced. */
  readonly views?: readonly string[];
  /** The group it is colocated with, which a RESTORE leaves (starrocks.md §6.4). */
  readonly colocatedWith?: string;
  /** The fewest and most replicas of its partitions, where they differ: restored ones all have the same number. */
  readonly replicas?: readonly [fewest: number, most: number];
  readonly keptAs: string;
}

export interface RestoreQuestion {
  /** Where the table goes. */
  readonly target: TableName;
  /** The partitions that are wanted, sorted; the table is reduced to them. */
  readonly only?: readonly string[] | undefined;
  readonly mark: string;
  readonly plannedAt: string;
  readonly label: string;
  readonly cutFrom: string;
  readonly cutTo: string;
  readonly table: CoveredTable;
  /** Manifest rows of this table, all labels of its chain; the tables newest first. */
  readonly manifestTables: readonly ManifestTable[];
  readonly manifestPartitions: readonly ManifestPartition[];
  readonly timestamps: ReadonlyMap<string, string>;
  readonly live: Omit<LiveTarget, "keptAs"> | undefined;
  /** The table numbers its rows, and this version cannot move the counter: it has to be the newest one. */
  readonly keepsCounter: boolean;
  /** Undefined when the backends cannot be seen. */
  readonly aliveBackends: number | undefined;
}

/** The table of the backups that a planned one is restored from. */
export function sourceOf({ source, database, table }: PlannedRestore): TableName {
  return source ?? { database, table };
}

/** The partitions each label contributes: every partition of the restore point once, from the newest holder. */
export function partitionsByLabel(table: CoveredTable): ReadonlyMap<string, readonly CoveredPartition[]> {
  return groupBy(table.partitions.values(), (partition) => partition.label);
}

/** Plans one table; a table without any partition at the restore point has nothing to restore and is undefined. */
export function planTable(question: RestoreQuestion): PlannedRestore | undefined {
  const { table, target, only, keepsCounter } = question;
  const byLabel = partitionsByLabel(table);
  const labels = inOrder(question, byLabel);
  const [base] = labels;
  if (base === undefined || table.partitions.size === 0) return undefined;
  const parts = labels.map((label, index) =>
    part(question, { label, partitions: byLabel.get(label) ?? [], isBase: label === base }, index),
  );
  const isNewestFirst = keepsCounter && labels.length > 1 && newestPart(question, labels) === base;
  return {
    database: target.database,
    table: target.table,
    ...(isCopy(question) && { source: { database: table.database, table: table.table } }),
    ...(only && { only }),
    label: question.label,
    cutFrom: question.cutFrom,
    cutTo: question.cutTo,
    strategy: strategyOf(question, parts),
    automatic: table.automatic,
    ...(isNewestFirst && { newestFirst: true }),
    replicationNum: Math.min(table.replicationNum, question.aliveBackends ?? table.replicationNum),
    parts,
    partitionKind: table.partitionKind,
    // The first part is trimmed under its first name; under this one it only grows.
    assembledAs: partName(target.table, question.mark, parts.length),
    superfluous: parts[0]?.whole === true ? extraPartitions(question, base, byLabel.get(base) ?? []) : [],
    replaces: question.live && {
      ...question.live,
      keptAs: keepName(target.table, question.mark, question.plannedAt.slice(0, 10).replaceAll("-", "")),
    },
    partitions: table.partitions.size,
    rows: [...table.partitions.values()].reduce((sum, partition) => sum + partition.rows, 0),
    bytes: bytesOf([...table.partitions.values()]),
    ...optional("superfluousBytes", parts[0]?.whole === true ? superfluousBytes(question, base, byLabel) : 0),
    ...optional("unknownSizes", unknownSizes(table)),
  };
}

/** Nothing where there is nothing to say. */
function optional<Key extends string>(key: Key, amount: number): { readonly [K in Key]?: number } {
  return amount > 0 ? ({ [key]: amount } as { readonly [K in Key]: number }) : {};
}

function superfluousBytes(
  question: RestoreQuestion,
  label: string,
  byLabel: ReadonlyMap<string, readonly CoveredPartition[]>,
): number {
  return bytesOf(extraEntries(question, label, byLabel.get(label) ?? []));
}

/** Backups of other tools do not say how large partitions are. */
function unknownSizes({ partitions }: CoveredTable): number {
  return [...partitions.values()].filter(({ rows, bytes }) => rows > 0 && bytes === 0).length;
}

function isCopy({ table, target }: RestoreQuestion): boolean {
  return target.database !== table.database || target.table !== table.table;
}

function strategyOf(question: RestoreQuestion, parts: readonly RestorePart[]): Strategy {
  if (question.only !== undefined && !isCopy(question)) return "partitions";
  return parts.length === 1 ? "alias" : "merge";
}

/** The snapshots that give something to a table: first the one whose part becomes the table, then the largest. */
function inOrder(
  question: RestoreQuestion,
  byLabel: ReadonlyMap<string, readonly CoveredPartition[]>,
): readonly string[] {
  const labelled = [...byLabel]
    .sort(([, one], [, other]) => effortOf(other) - effortOf(one))
    .map(([label]) => label);
  const newest =
    question.keepsCounter && !question.table.automatic ? newestPart(question, labelled) : undefined;
  const base = newest ?? baseLabel(question, labelled[0]);
  return base === undefined ? [] : [base, ...labelled.filter((label) => label !== base)];
}

/**
 * The part that becomes the table: the one that is the most work to put into another, since every other part is. A table with
 * automatic partitioning must come from a whole copy: a RESTORE with a partition list leaves the hidden partition out,
 * on which later loads rely. It is the newest one: what is older has been replaced, perhaps by a table of another kind.
 */
function baseLabel(question: RestoreQuestion, largest: string | undefined): string | undefined {
  // What is chosen of a table is seldom worth the whole of it; without the hidden partition only dynamic_overwrite fails.
  if (!question.table.automatic || question.only !== undefined) return largest;
  return question.manifestTables.find((table) => table.content === "whole")?.label ?? largest;
}

/** The newest of the snapshots that give something to a table. */
function newestPart({ manifestTables }: RestoreQuestion, labels: readonly string[]): string | undefined {
  return manifestTables.find(({ label }) => labels.includes(label))?.label;
}

/** Which snapshot gives what to a table. */
interface Share {
  readonly label: string;
  readonly partitions: readonly CoveredPartition[];
  readonly isBase: boolean;
}

function part(question: RestoreQuestion, { label, partitions, isBase }: Share, index: number): RestorePart {
  const { table } = question;
  const holdsOnlyThese = extraPartitions(question, label, partitions).length === 0;
  const content = question.manifestTables.find((candidate) => candidate.label === label)?.content;
  const whole =
    table.partitionKind === "none" ||
    (content === "whole" && (holdsOnlyThese || (table.automatic && isBase && question.only === undefined)));
  return {
    label,
    timestamp: question.timestamps.get(label) ?? "",
    whole,
    partitions: partitions.length,
    partitionsHash: planHash(partitions.map((partition) => partition.partition).sort()),
    rows: partitions.reduce((sum, partition) => sum + partition.rows, 0),
    bytes: bytesOf(partitions),
    as: partName(question.target.table, question.mark, index),
  };
}

/** What a snapshot holds of the table beyond the given partitions. */
function extraPartitions(
  question: RestoreQuestion,
  label: string,
  partitions: readonly CoveredPartition[],
): readonly string[] {
  return extraEntries(question, label, partitions).map((entry) => entry.partition);
}

function extraEntries(
  { manifestPartitions }: RestoreQuestion,
  label: string,
  partitions: readonly CoveredPartition[],
): readonly ManifestPartition[] {
  const wanted = new Set(partitions.map((partition) => partition.partition));
  return manifestPartitions.filter(
    (entry) => entry.label === label && entry.presence === "held" && !wanted.has(entry.partition),
  );
}

/**
 * What it takes to put partitions into another part, in bytes to be written. To make one takes as long as to write some,
 * however empty it is; adopted backups know no sizes, and those of new rows lag (starrocks.md §9.1).
 */
function effortOf(partitions: readonly CoveredPartition[]): number {
  return partitions.reduce((sum, partition) => sum + Math.max(partition.bytes, bytesToMakeOne), 0);
}

const bytesToMakeOne = 16 * 1024 * 1024;

function bytesOf(partitions: readonly Pick<CoveredPartition, "bytes">[]): number {
  return partitions.reduce((sum, partition) => sum + partition.bytes, 0);
}
