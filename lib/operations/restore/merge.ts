import { keyHash } from "../../catalog/key-hash.ts";
import { BackupError } from "../../errors.ts";
import type { PlannedRestore, RestorePart } from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { countRows } from "../../starrocks/observe/contents.ts";
import { readRealPartitions } from "../../starrocks/observe/partitions.ts";
import { readInsertableColumns } from "../../starrocks/observe/tables.ts";
import { insertFromStatement } from "../../starrocks/statements/insert.ts";
import { type PartContribution, verifyDefinitions } from "./add-partitions.ts";
import type { TableStep } from "./restore-step.ts";
import { readPartContent } from "./whole-parts.ts";

/** Puts a part's rows into the assembled table, once; its partitions are there. */
export async function putIn(
  step: TableStep,
  { part, partitions }: PartContribution,
): Promise<Wait | undefined> {
  const { catalog, run, database, table, planned, progress } = step;
  const { session } = catalog;
  const { assembledAs } = planned;
  const expected = await countRows(session, database, part.as);
  if (expected === 0) return undefined;
  const already = await countIn(step, namesOf(partitions));
  if (already === expected) return undefined;
  if (already > 0) throw mismatch(planned, part, expected, already);
  progress.say(`Putting ${expected} rows of ${part.label} into ${assembledAs}`);
  const columns = await readInsertableColumns(session, database, part.as);
  // One load per part under a label of its own: StarRocks lets it through once, whoever sends it how often.
  const loadLabel = `merge_${keyHash(run.runId, database, table, part.as)}`;
  const copy = { database, from: part.as, into: assembledAs, columns, loadLabel };
  try {
    await session.execute(insertFromStatement(copy), `put ${part.as} into ${assembledAs}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind !== "load-label-taken") throw error;
    return waitFor(`another execution puts ${part.as} into ${assembledAs}`);
  }
}

/** The partitions of a part that belong to the restore point, as they are. */
export async function readContribution(step: TableStep, part: RestorePart): Promise<PartContribution> {
  const { wanted } = await readPartContent(step, part);
  const names = new Set(wanted);
  const listed = await readRealPartitions(step.catalog.session, step.database, part.as);
  return { part, partitions: listed.filter((each) => names.has(each.partition)) };
}

/**
 * A merge is let through once only as long as StarRocks remembers its label: three days, and a thousand later loads. So
 * the rows are counted again when all parts are in.
 *
 * @returns what to wait for when the load has been answered and is not visible yet
 */
export async function verifyRows(step: TableStep, contribution: PartContribution): Promise<Wait | undefined> {
  const { catalog, database, planned } = step;
  const { part, partitions } = contribution;
  const expected = await countRows(catalog.session, database, part.as);
  const merged = await countIn(step, namesOf(partitions));
  if (merged === expected) {
    await verifyDefinitions(step, contribution);
    return undefined;
  }
  if (merged === 0) return waitFor(`the rows of ${part.as} are not visible in ${planned.assembledAs} yet`);
  throw mismatch(planned, part, expected, merged);
}

function namesOf(partitions: PartContribution["partitions"]): readonly string[] {
  return [...new Set(partitions.map((each) => each.partition))];
}

/** Rows the assembled table has in those of the partitions that it has: a load makes no partition without rows. */
async function countIn({ catalog, database, planned }: TableStep, names: readonly string[]): Promise<number> {
  const partitions = await readRealPartitions(catalog.session, database, planned.assembledAs);
  const present = new Set(partitions.map((each) => each.partition));
  const there = names.filter((each) => present.has(each));
  return there.length === 0 ? 0 : await countRows(catalog.session, database, planned.assembledAs, there);
}

function mismatch(
  planned: PlannedRestore,
  part: RestorePart,
  expected: number,
  already: number,
): BackupError {
  return new BackupError({
    code: "MERGE_MISMATCH",
    message: `${planned.assembledAs} has ${already} of the ${expected} rows of ${part.as}.`,
    next: "Plan the restore again; the live table was not touched.",
  });
}
