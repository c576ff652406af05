import { setTimeout as sleep } from "node:timers/promises";
import { isStillPlanned, readRestore, updateRestore } from "../../catalog/restores.ts";
import { BackupError } from "../../errors.ts";
import { named } from "../../planning/named.ts";
import type { PlannedRestore, RestorePart } from "../../planning/restore/restore-plan.ts";
import type { Wait } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { allowLongStatements } from "../../starrocks/long-statements.ts";
import { countRows } from "../../starrocks/observe/contents.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import { type PhysicalPartition, readRealPartitions } from "../../starrocks/observe/partitions.ts";
import type { Session } from "../../starrocks/session.ts";
import { addPartitions, type PartContribution } from "./add-partitions.ts";
import { checkDrift } from "./drift.ts";
import { putIn, readContribution, verifyRows } from "./merge.ts";
import { raiseIds } from "./raise-ids.ts";
import type { TableStep } from "./restore-step.ts";
import { dropTemporaries, dropTemporary } from "./temporary.ts";
import { trim } from "./trim.ts";
import { readPartContent, restoreAgain } from "./whole-parts.ts";

/**
 * Puts the restored parts of one table together in the first part, checks the outcome and records it as READY. Every
 * step looks first at what is there, so the whole can be run again from any point. It is, when something fails soon:
 * another execution of the run may have renamed or dropped what this one saw, and an error counts when it comes again.
 *
 * @returns what to wait for when another execution is putting the table together right now
 */
export async function assembleTable(step: TableStep): Promise<Wait | undefined> {
  for (let attempt = 1; ; attempt++) {
    const since = performance.now();
    try {
      return await assemble(step);
    } catch (error) {
      const isLast = attempt === mostAttempts || performance.now() - since > longestRaceMs;
      if (!(await mayLookAgain(step, error, isLast))) return undefined;
      await sleep(pauseMs);
    }
  }
}

/** @returns whether the table is still to be put together; throws what is no race with another execution */
async function mayLookAgain(step: TableStep, error: unknown, isLast: boolean): Promise<boolean> {
  if (error instanceof StarRocksFault && error.kind === "connection") throw error;
  const { catalog, run, database, table, progress } = step;
  if (!isStillPlanned(await readRestore(catalog, { runId: run.runId, database, table }))) return false;
  if (isLast) throw error;
  progress.say(`${error instanceof Error ? error.message : String(error)} Looking again.`);
  return true;
}

const mostAttempts = 3;
const pauseMs = 500;
/** What took longer failed for another reason than a race, and should not be done over. */
const longestRaceMs = 60_000;

async function assemble(step: TableStep): Promise<Wait | undefined> {
  const { planned, progress } = step;
  const [base, ...others] = planned.parts;
  if (base === undefined) return undefined;
  if (await sendBack(step)) return undefined;
  await allowLongStatements(step.catalog.session);
  const blocked = (await beginWith(step, base)) ?? (await mergeParts(step, others));
  if (blocked !== undefined) return blocked;
  const notices = [others.length === 0 ? undefined : await raiseIds(step), await checkDrift(step)];
  const rows = await recordReady(
    step,
    notices.flatMap((notice) => notice ?? []),
  );
  // One that cannot be dropped is no reason not to publish: whoever closes the run tries again, and names it.
  await dropTemporaries(
    step,
    others.map((part) => part.as),
  );
  progress.say(
    `${planned.database}.${planned.table}: ${planned.partitions} partitions, ${rows} rows are ready to be published`,
  );
  return undefined;
}

/** Whether a part is not whole, and is restored once more. */
async function sendBack(step: TableStep): Promise<boolean> {
  const { catalog, database, table, planned, mark } = step;
  const present = await readTableNames(catalog.session, database, [table], mark);
  for (const part of planned.parts) {
    if (!present.has(part.as)) continue;
    const { missing } = await readPartContent(step, part);
    if (missing.length === 0) continue;
    await restoreAgain(step, part, missing);
    return true;
  }
  return false;
}

/** Gives the first part the name under which the table is put together, once. */
async function beginWith(step: TableStep, base: RestorePart): Promise<Wait | undefined> {
  const { catalog, database, table, planned, mark } = step;
  const present = await readTableNames(catalog.session, database, [table], mark);
  if (!present.has(base.as)) return undefined;
  return present.has(planned.assembledAs) ? await dropTemporary(step, base.as) : await trim(step, base);
}

async function mergeParts(step: TableStep, parts: readonly RestorePart[]): Promise<Wait | undefined> {
  if (parts.length === 0) return undefined;
  const contributions: PartContribution[] = [];
  for (const part of parts) contributions.push(await readContribution(step, part));
  const partitions = contributions.flatMap((each) => each.partitions);
  await addPartitions(step, step.planned.assembledAs, partitions);
  for (const contribution of contributions) {
    const blocked = await putIn(step, contribution);
    if (blocked !== undefined) return blocked;
  }
  for (const contribution of contributions) {
    const blocked = await verifyRows(step, contribution);
    if (blocked !== undefined) return blocked;
  }
  return undefined;
}

/** @returns the rows of the table */
async function recordReady(step: TableStep, notices: readonly string[]): Promise<number> {
  const { catalog, run, database, table, planned } = step;
  const partitions = await readRealPartitions(catalog.session, database, planned.assembledAs);
  const rows = await countRows(catalog.session, database, planned.assembledAs);
  const absent = await verifyPartitions(step, partitions);
  const said = absent.length === 0 ? notices : [...notices, absentNotice(absent)];
  const restoredIds = partitions.map((each) => each.id);
  const ready = { status: "READY", after: "PLANNED", restoredIds, rows, notices: said } as const;
  await updateRestore(catalog, { runId: run.runId, database, table }, ready);
  return rows;
}

/**
 * Every partition is there before anything becomes live, and no other; each part's own were compared before. Empty ones
 * that only a load makes come with the first row.
 *
 * @returns the names of those
 */
async function verifyPartitions(
  { catalog, planned }: TableStep,
  partitions: readonly PhysicalPartition[],
): Promise<readonly string[]> {
  const names = new Set(partitions.map((partition) => partition.partition));
  if (names.size === planned.partitions) return [];
  const absent = planned.automatic ? await emptyPartitions(catalog.session, planned, names) : [];
  if (names.size + absent.length === planned.partitions) return absent;
  throw new BackupError({
    code: "PARTITIONS_MISSING",
    message: `${planned.assembledAs} has ${names.size} partitions; the restore point has ${planned.partitions}.`,
    next: "Plan the restore again; the live table was not touched.",
  });
}

/** Partitions of the parts that are not among the names because they have no row. */
async function emptyPartitions(
  session: Session,
  { database, parts }: PlannedRestore,
  names: ReadonlySet<string>,
): Promise<readonly string[]> {
  const empty: string[] = [];
  for (const part of parts.slice(1)) {
    const restored = new Set(
      (await readRealPartitions(session, database, part.as)).map((each) => each.partition),
    );
    const missing = [...restored].filter((each) => !names.has(each));
    if (missing.length > 0 && (await countRows(session, database, part.as, missing)) === 0)
      empty.push(...missing);
  }
  return empty;
}

function absentNotice(partitions: readonly string[]): string {
  return partitions.length === 1
    ? `empty partition ${named(partitions)} is not there: only a load makes it, and the first row that needs it brings it back`
    : `${partitions.length} empty partitions (${named(partitions)}) are not there: only a load makes them, and the first row that needs one brings it back`;
}
