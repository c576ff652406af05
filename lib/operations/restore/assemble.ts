import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "../../catalog/catalog.ts";
import { isStillPlanned, readRestore, updateRestore } from "../../catalog/restores.ts";
import { BackupError } from "../../errors.ts";
import type { PlannedRestore } from "../../planning/restore/restore-plan.ts";
import type { Wait } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import type { PhysicalPartition } from "../../starrocks/observe/partitions.ts";
import type { Progress } from "../step/progress.ts";
import { runMark } from "../step/run-id.ts";
import { countRows, realPartitions } from "./contents.ts";
import { dropTemporary } from "./fail.ts";
import { putIn, verifyRows } from "./merge.ts";
import { trim } from "./trim.ts";

/**
 * Puts the restored parts of one table together in the first part, checks the outcome and records it as READY. Every
 * step looks first at what is there, so the whole can be run again from any point. It is, when something fails soon:
 * another execution of the run may have renamed or dropped what this one saw, and an error counts when it comes again.
 *
 * @returns what to wait for when another execution is putting the table together right now
 */
export async function assembleTable(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  progress: Progress,
): Promise<Wait | undefined> {
  const { database, table } = planned;
  for (let attempt = 1; ; attempt++) {
    const since = performance.now();
    try {
      return await assemble(catalog, runId, planned, progress);
    } catch (error) {
      if (error instanceof StarRocksFault && error.kind === "connection") throw error;
      if (!isStillPlanned(await readRestore(catalog, { runId, database, table }))) return undefined;
      if (attempt === mostAttempts || performance.now() - since > longestRaceMs) throw error;
      progress.say(`${error instanceof Error ? error.message : String(error)} Looking again.`);
      await sleep(pauseMs);
    }
  }
}

const mostAttempts = 3;
const pauseMs = 500;
/** What took longer failed for another reason than a race, and should not be done over. */
const longestRaceMs = 60_000;

async function assemble(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  progress: Progress,
): Promise<Wait | undefined> {
  const [base, ...others] = planned.parts;
  if (base === undefined) return undefined;
  const present = await readTableNames(catalog.session, planned.database, [planned.table], runMark(runId));
  if (present.has(base.as)) {
    const blocked = present.has(planned.assembledAs)
      ? await dropTemporary(catalog, runId, planned.database, base.as)
      : await trim(catalog, planned, base, progress);
    if (blocked !== undefined) return blocked;
  }
  for (const part of others) {
    const blocked = await putIn(catalog, runId, planned, part, progress);
    if (blocked !== undefined) return blocked;
  }
  for (const part of others) {
    const blocked = await verifyRows(catalog, planned, part);
    if (blocked !== undefined) return blocked;
  }
  const partitions = await realPartitions(catalog, planned.database, planned.assembledAs);
  const rows = await countRows(catalog, planned.database, planned.assembledAs);
  await verifyPartitions(catalog, planned, partitions);
  await updateRestore(
    catalog,
    { runId, database: planned.database, table: planned.table },
    { status: "READY", after: "PLANNED", restoredIds: partitions.map((each) => each.id), rows },
  );
  for (const part of others) await dropTemporary(catalog, runId, planned.database, part.as);
  progress.say(
    `${planned.database}.${planned.table}: ${planned.partitions} partitions, ${rows} rows are ready to be published`,
  );
  return undefined;
}

/** Every partition is there before anything becomes live, but for empty ones that the next load makes. */
async function verifyPartitions(
  catalog: Catalog,
  planned: PlannedRestore,
  partitions: readonly PhysicalPartition[],
): Promise<void> {
  const names = new Set(partitions.map((partition) => partition.partition));
  if (names.size === planned.partitions) return;
  const empty = planned.automatic ? await emptyPartitions(catalog, planned, names) : 0;
  if (names.size + empty === planned.partitions) return;
  throw new BackupError({
    code: "PARTITIONS_MISSING",
    message: `${planned.assembledAs} has ${names.size} partitions; the restore point has ${planned.partitions}.`,
    next: "Plan the restore again; the live table was not touched.",
  });
}

/** How many partitions of the parts are not among the names because they have no row. */
async function emptyPartitions(
  catalog: Catalog,
  { database, parts }: PlannedRestore,
  names: ReadonlySet<string>,
): Promise<number> {
  let empty = 0;
  for (const part of parts.slice(1)) {
    const restored = new Set(
      (await realPartitions(catalog, database, part.as)).map((each) => each.partition),
    );
    const missing = [...restored].filter((each) => !names.has(each));
    if (missing.length > 0 && (await countRows(catalog, database, part.as, missing)) === 0)
      empty += missing.length;
  }
  return empty;
}
