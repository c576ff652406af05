import { keyHash } from "../../catalog/key-hash.ts";
import { BackupError } from "../../errors.ts";
import type { PlannedRestore, RestorePart } from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import type { Counted } from "../../starrocks/observe/contents.ts";
import { insertFromStatement } from "../../starrocks/statements/insert.ts";
import type { PartContribution } from "./add-partitions.ts";
import type { TableStep } from "./restore-step.ts";

/** How many rows a part has, and how many of its partitions' the assembled table. */
export interface MergeCounts {
  readonly expected: number;
  readonly merged: number;
}

/**
 * What tells how far a part is put in: its own rows, and those the assembled table has in those of the part's partitions
 * that it has, since a load makes no partition without rows.
 *
 * @param present names of the assembled table's partitions
 */
export function countsAsked(
  { assembledAs }: PlannedRestore,
  { part, partitions }: PartContribution,
  present: ReadonlySet<string>,
): readonly [Counted, Counted] {
  const names = [...new Set(partitions.map((each) => each.partition))];
  return [{ table: part.as }, { table: assembledAs, partitions: names.filter((each) => present.has(each)) }];
}

/**
 * Puts a part's rows into the assembled table, once; its partitions are there.
 *
 * @param counts as they are before
 * @param columns of the part that an INSERT may name
 */
export async function putIn(
  step: TableStep,
  part: RestorePart,
  { expected, merged }: MergeCounts,
  columns: () => Promise<readonly string[]>,
): Promise<Wait | undefined> {
  const { catalog, run, database, table, planned, progress } = step;
  const { assembledAs } = planned;
  if (expected === 0 || merged === expected) return undefined;
  if (merged > 0) throw mismatch(planned, part, { expected, merged });
  progress.say(`Putting ${expected} rows of ${part.label} into ${assembledAs}`);
  // One load per part under a label of its own: StarRocks lets it through once, whoever sends it how often.
  const loadLabel = `merge_${keyHash(run.runId, database, table, part.as)}`;
  const copy = { database, from: part.as, into: assembledAs, columns: await columns(), loadLabel };
  try {
    await catalog.session.execute(insertFromStatement(copy), `put ${part.as} into ${assembledAs}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind !== "load-label-taken") throw error;
    return waitFor(`another execution puts ${part.as} into ${assembledAs}`);
  }
}

/**
 * A merge is let through once only as long as StarRocks remembers its label: three days, and a thousand later loads. So
 * the rows are counted again when all parts are in.
 *
 * @returns what to wait for when the load has been answered and is not visible yet
 */
export function checkRows(
  { planned }: TableStep,
  part: RestorePart,
  { expected, merged }: MergeCounts,
): Wait | undefined {
  if (merged === expected) return undefined;
  if (merged === 0) return waitFor(`the rows of ${part.as} are not visible in ${planned.assembledAs} yet`);
  throw mismatch(planned, part, { expected, merged });
}

function mismatch(
  planned: PlannedRestore,
  part: RestorePart,
  { expected, merged }: MergeCounts,
): BackupError {
  return new BackupError({
    code: "MERGE_MISMATCH",
    message: `${planned.assembledAs} has ${merged} of the ${expected} rows of ${part.as}.`,
    next: "Plan the restore again; the live table was not touched.",
  });
}
