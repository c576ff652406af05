import type { RestorePart } from "../../planning/restore/restore-plan.ts";
import type { Wait } from "../../planning/wait.ts";
import { countEach } from "../../starrocks/observe/contents.ts";
import { isReal, type PhysicalPartition, readPartitions } from "../../starrocks/observe/partitions.ts";
import { addPartitions, type PartContribution } from "./add-partitions.ts";
import { type FillableColumns, readDefinitions, readFillableColumns } from "./definition.ts";
import { countsAsked, type MergeCounts, putIn } from "./merge.ts";
import type { TableStep } from "./restore-step.ts";
import { readPartContent } from "./whole-parts.ts";

/** Partitions by table, hidden and temporary ones too. */
export type Listing = ReadonlyMap<string, readonly PhysicalPartition[]>;

/** What was put together. */
export interface Merged {
  readonly kind: "merged";
  readonly contributions: readonly PartContribution[];
  /** The column that numbers the rows of the table by itself, where rows were put into it. */
  readonly numbered: string | undefined;
}

/** Puts the other parts of a table into what the first one has become: all partitions before any row. */
export async function mergeParts(
  step: TableStep,
  parts: readonly RestorePart[],
  { present, listed }: { readonly present: Listing; readonly listed: readonly PhysicalPartition[] },
): Promise<Wait | Merged> {
  if (parts.length === 0) return { kind: "merged", contributions: [], numbered: undefined };
  const { catalog, database, planned } = step;
  const { session } = catalog;
  const { assembledAs } = planned;
  const contributions: PartContribution[] = [];
  for (const part of parts) contributions.push(await contributionOf(step, part, present));
  const names = [assembledAs, ...parts.map((part) => part.as)];
  const definitions = await readDefinitions(session, database, names);
  const definitionOf = (table: string) => {
    const found = definitions.get(table);
    if (found === undefined) throw new Error(`${table} is not listed`);
    return found;
  };
  const partitions = contributions.flatMap((each) => each.partitions);
  const receiver = { name: assembledAs, listed, definition: definitionOf(assembledAs) };
  const added = await addPartitions(step, receiver, partitions);
  const there = new Set([...listed.map((each) => each.partition), ...added]);
  const asked = contributions.flatMap((each) => countsAsked(planned, each, there));
  const counts = mergeCounts(contributions, await countEach(session, database, asked));
  let fillable: FillableColumns | undefined;
  for (const [index, { part }] of contributions.entries()) {
    const blocked = await putIn(step, part, counts[index] ?? noRows, async () => {
      fillable = await readFillableColumns(session, definitionOf(part.as));
      return fillable.names;
    });
    if (blocked !== undefined) return blocked;
  }
  // An earlier execution may have put all parts in, and have died before it went on.
  fillable ??= await readFillableColumns(session, definitionOf(assembledAs));
  return { kind: "merged", contributions, numbered: fillable.autoIncrement };
}

export const noRows: MergeCounts = { expected: 0, merged: 0 };

/** @param counts of each contribution its own, and those in the assembled table */
function mergeCounts(
  contributions: readonly PartContribution[],
  counts: readonly number[],
): readonly MergeCounts[] {
  return contributions.map((_, index) => ({
    expected: counts[2 * index] ?? 0,
    merged: counts[2 * index + 1] ?? 0,
  }));
}

/** The partitions of a part that belong to the restore point, as they are. */
async function contributionOf(
  step: TableStep,
  part: RestorePart,
  present: Listing,
): Promise<PartContribution> {
  const listed = (present.get(part.as) ?? []).filter(isReal);
  const names = new Set((await readPartContent(step, part, listed)).wanted);
  return { part, partitions: listed.filter((each) => names.has(each.partition)) };
}

/** What there is when all parts are in. */
export interface AfterMerge {
  /** Partitions of the assembled table. */
  readonly listed: readonly PhysicalPartition[];
  /** Of the table that is replaced. */
  readonly live: readonly PhysicalPartition[];
  /** By contribution. */
  readonly counts: readonly MergeCounts[];
  readonly rows: number;
}

/** Looks at what has become of the table; two statements. */
export async function readAfter(
  { catalog, database, table, planned }: TableStep,
  contributions: readonly PartContribution[],
): Promise<AfterMerge> {
  const { assembledAs } = planned;
  const all = await readPartitions(catalog.session, [{ database, tables: [assembledAs, table] }]);
  const listed = all.filter((each) => each.table === assembledAs);
  const there = new Set(listed.filter(isReal).map((each) => each.partition));
  const asked = contributions.flatMap((each) => countsAsked(planned, each, there));
  const counts = await countEach(catalog.session, database, [...asked, { table: assembledAs }]);
  return {
    listed,
    live: all.filter((each) => each.table === table),
    counts: mergeCounts(contributions, counts),
    rows: counts.at(-1) ?? 0,
  };
}
