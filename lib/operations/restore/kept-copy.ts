import { keyHash } from "../../catalog/key-hash.ts";
import { BackupError } from "../../errors.ts";
import { isNewerThan } from "../../planning/restore/own-names.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { countRows } from "../../starrocks/observe/contents.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import { readInsertableColumns } from "../../starrocks/observe/tables.ts";
import { createLikeStatement, dropTableStatement } from "../../starrocks/statements/alter.ts";
import { insertFromStatement } from "../../starrocks/statements/insert.ts";
import { readScheduled, silence } from "./hold.ts";
import type { TableStep } from "./restore-step.ts";

/**
 * Copies what partitions of a live table hold, before they are replaced, into a table of its own. May be repeated.
 *
 * @param partitions of the live table
 * @returns what to wait for while another execution copies
 * @throws {BackupError} `TARGET_CHANGED` when they are written to meanwhile
 */
export async function keepCopy(
  step: TableStep,
  keptAs: string,
  partitions: readonly string[],
): Promise<Wait | undefined> {
  const { catalog, run, database, table, progress } = step;
  const { session } = catalog;
  await session.execute(createLikeStatement(database, keptAs, table), `make ${database}.${keptAs}`);
  for (const { schedule } of await readScheduled(session, database, [keptAs]))
    await silence(step, keptAs, schedule);
  const expected = await countRows(session, database, table, partitions);
  const already = await countRows(session, database, keptAs);
  if (already === expected) return undefined;
  if (already > 0) throw beingWritten(step, already, expected);
  progress.say(`Keeping ${expected} rows of ${database}.${table} in ${keptAs}`);
  const columns = await readInsertableColumns(session, database, table);
  const loadLabel = `keep_${keyHash(run.runId, database, table)}`;
  const copy = { database, from: table, into: keptAs, columns, loadLabel };
  try {
    await session.execute(insertFromStatement(copy, partitions), `keep what ${database}.${table} holds`);
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind !== "load-label-taken") throw error;
    return waitFor(`another execution keeps what ${database}.${table} holds`);
  }
  const [kept, now] = [
    await countRows(session, database, keptAs),
    await countRows(session, database, table, partitions),
  ];
  if (kept !== now) throw beingWritten(step, kept, now);
  return undefined;
}

/** Drops the copy, when nothing was replaced and nobody needs it; never a table that is not the run's own. */
export async function dropCopy({ catalog, run, database }: TableStep, keptAs: string): Promise<void> {
  const id = (await readTableIds(catalog.session, database, [keptAs])).get(keptAs);
  if (id === undefined || !isNewerThan(run.plan, id)) return;
  await catalog.session.execute(dropTableStatement(database, keptAs), `drop the copy ${database}.${keptAs}`);
}

function beingWritten({ database, table }: TableStep, kept: number, now: number): BackupError {
  return new BackupError({
    code: "TARGET_CHANGED",
    message: `The partitions of ${database}.${table} that were to be replaced had ${kept} rows when they were copied, and have ${now} now.`,
    next: "Nothing was replaced. Stop the loads into them for a while, and plan the restore again.",
  });
}
