import { StarRocksFault } from "../../starrocks/fault.ts";
import { readHighest } from "../../starrocks/observe/contents.ts";
import { setAutoIncrementStatement } from "../../starrocks/statements/alter.ts";
import type { TableStep } from "./restore-step.ts";

/**
 * Lets the ids that the assembled table gives to new rows begin beyond those of the rows that were put into it: its counter
 * is that of its first part's snapshot (starrocks.md §12), and a new row of a PRIMARY KEY table with an old id replaces
 * a restored one.
 *
 * @param autoIncrement the column that numbers the rows
 * @returns what a person should know where that cannot be done; undefined: it is done, or nothing is to be done
 */
export async function raiseIds(step: TableStep, autoIncrement: string): Promise<string | undefined> {
  const { catalog, database, planned } = step;
  const { session } = catalog;
  const { assembledAs } = planned;
  const highest = await readHighest(session, database, assembledAs, autoIncrement);
  if (highest === undefined) return undefined;
  try {
    await session.execute(
      setAutoIncrementStatement(database, assembledAs, highest + 1n),
      `let new ids of ${assembledAs} begin at ${highest + 1n}`,
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof StarRocksFault)) throw error;
    // It stands beyond all of them already.
    if (/must be greater than current value/.test(error.message)) return undefined;
    if (error.kind !== "syntax") throw error;
    if (planned.newestFirst) return undefined;
    return `new rows may get a value of ${autoIncrement} that restored rows have (up to ${highest}): this StarRocks version cannot move the counter of AUTO_INCREMENT`;
  }
}
