import { randomBytes } from "node:crypto";
import { tableKey } from "../../planning/live-table.ts";
import { publishName } from "../../planning/restore/names.ts";
import { withoutStop } from "../../sentence.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import type { IdentifiedTable } from "../../starrocks/observe/run-made.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import { dropExistingTableStatement, renameStatement } from "../../starrocks/statements/alter.ts";
import { runMark } from "../step/run-id.ts";
import type { Step } from "../step/step.ts";

/**
 * Drops a table that a restore has left, if it is still the one that was looked at. Between that look and a DROP by name,
 * somebody may swap another table there; so it is first given a name that nobody else uses, and its id is looked up under
 * that. Whoever is killed in between leaves a table that the next cleanup knows by its id.
 *
 * @returns why it was not dropped; undefined: it was
 * @throws {StarRocksFault} when the connection is lost
 */
export async function dropClaimed(
  step: Step,
  found: IdentifiedTable,
  runId: string,
): Promise<string | undefined> {
  const { progress } = step;
  const { session } = step.catalog;
  const { database, table, id } = found;
  const own = publishName(stemOf(table), runMark(runId), randomBytes(4).toString("hex"));
  const isThisOne = async () => (await readTableIds(session, database, [own])).get(own) === id;
  const renamed = await refusal(step, found, renameStatement(database, table, own));
  if (renamed !== undefined) return renamed;
  const kept = (await isThisOne())
    ? await refusal(step, found, dropExistingTableStatement(database, own))
    : "another table has come to its name meanwhile";
  if (kept === undefined) {
    progress.say(`Dropped ${tableKey(found)}`);
    return undefined;
  }
  const back = await refusal(step, found, renameStatement(database, own, table));
  return back === undefined ? kept : `${kept}; it is ${database}.${own} now`;
}

/** @returns why StarRocks does not carry a statement out; undefined: it did */
async function refusal(
  { catalog }: Step,
  found: IdentifiedTable,
  statement: string,
): Promise<string | undefined> {
  try {
    await catalog.session.execute(statement, `drop ${tableKey(found)}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind === "connection") throw error;
    if (error.kind === "unknown-table") return "somebody else has dropped or renamed it meanwhile";
    return withoutStop(error.message);
  }
}

/** What the name of a restore's table begins with. */
function stemOf(table: string): string {
  return table.replace(/__(r_[0-9a-f]{8}_\d+|p_[0-9a-f]{8}_[0-9a-f]{8}|replaced_\d{8}_[0-9a-f]{8})$/, "");
}
