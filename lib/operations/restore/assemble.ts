import { setTimeout as sleep } from "node:timers/promises";
import { isStillPlanned, type RestoreRecord, readRestore, updateRestore } from "../../catalog/restores.ts";
import { BackupError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import { named } from "../../planning/named.ts";
import type { PlannedRestore, RestorePart } from "../../planning/restore/restore-plan.ts";
import type { Wait } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { allowLongStatements } from "../../starrocks/long-statements.ts";
import { countRows } from "../../starrocks/observe/contents.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import {
  isReal,
  type PhysicalPartition,
  readPartitions,
  readRealPartitions,
} from "../../starrocks/observe/partitions.ts";
import type { Session } from "../../starrocks/session.ts";
import { verifyDefinitions } from "./add-partitions.ts";
import { checkDrift } from "./drift.ts";
import { checkRows } from "./merge.ts";
import { type AfterMerge, type Listing, mergeParts, noRows, readAfter } from "./merge-parts.ts";
import { raiseIds } from "./raise-ids.ts";
import { type Acted, lookAgain, type TableStep } from "./restore-step.ts";
import { dropTemporaries, dropTemporary } from "./temporary.ts";
import { type Begun, trim } from "./trim.ts";
import { readPartContent, restoreAgain } from "./whole-parts.ts";

/**
 * Puts the restored parts of one table together in the first part, checks the outcome and records it as READY. Every
 * step looks first at what is there, so the whole can be run again from any point. It is, when something fails soon:
 * another execution of the run may have renamed or dropped what this one saw, and an error counts when it comes again.
 *
 * It waits when another execution is putting the table together right now.
 */
export async function assembleTable(step: TableStep): Promise<Acted> {
  let present = step.present;
  for (let attempt = 1; ; attempt++) {
    const since = performance.now();
    try {
      return await assemble({ ...step, present });
    } catch (error) {
      const isLast = attempt === mostAttempts || performance.now() - since > longestRaceMs;
      if (!(await mayLookAgain(step, error, isLast))) return lookAgain;
      await sleep(pauseMs);
      present = await readTableNames(step.catalog.session, step.database, [step.table], step.mark);
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

async function assemble(step: TableStep): Promise<Acted> {
  const { catalog, database, planned, progress } = step;
  const [base, ...others] = planned.parts;
  if (base === undefined) return lookAgain;
  await allowLongStatements(catalog.session);
  const present = await listPresent(step);
  if (await sendBack(step, present)) return lookAgain;
  const begun = await beginWith(step, base, present);
  if (begun.kind === "wait") return begun;
  const merge = await mergeParts(step, others, { present, listed: begun.listed });
  if (merge.kind === "wait") return merge;
  const after = await readAfter(step, merge.contributions);
  for (const [index, { part }] of merge.contributions.entries()) {
    const blocked = checkRows(step, part, after.counts[index] ?? noRows);
    if (blocked !== undefined) return blocked;
  }
  for (const contribution of merge.contributions)
    await verifyDefinitions(step, contribution, after.listed.filter(isReal));
  const notices = [
    merge.numbered === undefined ? undefined : await raiseIds(step, merge.numbered),
    await checkDrift(step, after.live),
  ];
  const ready = await recordReady(
    step,
    after,
    notices.flatMap((notice) => notice ?? []),
  );
  // One that cannot be dropped is no reason not to publish: whoever closes the run tries again, and names it.
  const dropped = new Set(others.map((part) => part.as));
  for (const { table } of await dropTemporaries(step, [...dropped])) dropped.delete(table);
  progress.say(
    `${database}.${planned.table}: ${planned.partitions} partitions, ${after.rows} rows are ready to be published`,
  );
  if (ready === undefined) return lookAgain;
  const left = [...step.present, planned.assembledAs].filter(
    (each) => each !== base.as && !dropped.has(each),
  );
  return { kind: "recorded", record: ready, present: new Set(left) };
}

/** Lists the partitions of the parts that are there, and of what they are put together in; one statement. */
async function listPresent({ catalog, database, planned, present }: TableStep): Promise<Listing> {
  const names = [...planned.parts.map((part) => part.as), planned.assembledAs];
  const tables = names.filter((each) => present.has(each));
  const listed = await readPartitions(catalog.session, [{ database, tables }]);
  const byTable = groupBy(listed, (each) => each.table);
  return new Map(tables.map((table) => [table, byTable.get(table) ?? []]));
}

/** Whether a part is not whole, and is restored once more. */
async function sendBack(step: TableStep, present: Listing): Promise<boolean> {
  for (const part of step.planned.parts) {
    const listed = present.get(part.as);
    if (listed === undefined) continue;
    const { missing } = await readPartContent(step, part, listed.filter(isReal));
    if (missing.length === 0) continue;
    await restoreAgain(step, part, missing);
    return true;
  }
  return false;
}

/** Gives the first part the name under which the table is put together, once. */
async function beginWith(step: TableStep, base: RestorePart, present: Listing): Promise<Wait | Begun> {
  const { assembledAs } = step.planned;
  const listed = present.get(base.as);
  const assembled = present.get(assembledAs);
  if (assembled === undefined) return await trim(step, base, listed ?? []);
  if (listed !== undefined) await dropTemporary(step, base.as);
  return { kind: "begun", listed: assembled.filter(isReal) };
}

/** @returns the record as it is now; undefined when another execution was first */
async function recordReady(
  step: TableStep,
  { listed, live, rows }: AfterMerge,
  notices: readonly string[],
): Promise<RestoreRecord | undefined> {
  const { catalog, run, database, table, planned, record } = step;
  const partitions = listed.filter(isReal);
  const absent = await verifyPartitions(step, partitions);
  const said = absent.length === 0 ? notices : [...notices, absentNotice(absent)];
  const ready = {
    status: "READY",
    after: "PLANNED",
    restoredIds: partitions.map((each) => each.id),
    // Single partitions are those of the live table when they are about to be replaced.
    replacedIds: planned.strategy === "partitions" ? undefined : live.filter(isReal).map((each) => each.id),
    rows,
    notices: said,
  } as const;
  const recorded = await updateRestore(catalog, { runId: run.runId, database, table }, ready);
  if (!recorded || record === undefined) return undefined;
  const { after, replacedIds = [], ...changed } = ready;
  return { ...record, ...changed, replacedIds, notices: [...said] };
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
