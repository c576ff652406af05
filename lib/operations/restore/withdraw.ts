import type { Wait } from "../../planning/wait.ts";
import { readRealPartitions } from "../../starrocks/observe/partitions.ts";
import { dropExistingTableStatement } from "../../starrocks/statements/alter.ts";
import type { Ending } from "../step/ending.ts";
import { carryOn, claimed, takeOver } from "./attempt.ts";
import { fail, finish, haveCommon, readRestoredIds } from "./outcome.ts";
import type { TableStep } from "./restore-step.ts";

/**
 * Finds out whether a table that was to be published has become live: then it is recorded so, and what it replaced gets its
 * keep name. Otherwise the restored table is dropped, and the record gets the ending. As in publishing, the table first gets
 * a name of this attempt's own, so that no paused worker can swap what is dropped here.
 *
 * @returns what to wait for when another execution is publishing
 */
export async function withdrawTable(step: TableStep, ending: Ending): Promise<Wait | undefined> {
  const attempt = await takeOver(step);
  switch (attempt.kind) {
    case "nothing":
      return await finish(step, attempt.present, ending);
    case "wait":
      return attempt;
    case "ours": {
      const { catalog, database } = step;
      const ofOwn = await readRealPartitions(catalog.session, database, attempt.own);
      if (!haveCommon(ofOwn, await readRestoredIds(step))) return await carryOn(step, attempt);
      // Another execution may have taken the name over since, and have published what is under it.
      const taken = await claimed(step, attempt.own, dropExistingTableStatement(database, attempt.own));
      return taken ?? (await fail(step, ending.error.message, ending.state));
    }
  }
}
