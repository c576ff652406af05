import { BackupError } from "../../errors.ts";
import { sentence, withoutStop } from "../../sentence.ts";
import { readStanding } from "../../starrocks/observe/standing.ts";
import { dropExistingTableStatement } from "../../starrocks/statements/alter.ts";
import type { Ending } from "../step/ending.ts";
import { carryOn, claimed, takeOver } from "./attempt.ts";
import { fail, finish, isRestoredTable } from "./outcome.ts";
import { withdrawPartitions } from "./replace-partitions.ts";
import type { Acted, TableStep } from "./restore-step.ts";

/**
 * Finds out whether a table that was to be published has become live: then it is recorded so, and what it replaced gets its
 * keep name. Otherwise the restored table is dropped, and the record gets the ending. As in publishing, the table first gets
 * a name of this attempt's own, so that no paused worker can swap what is dropped here.
 *
 * It waits when another execution is publishing.
 */
export async function withdrawTable(step: TableStep, ending: Ending): Promise<Acted> {
  if (step.planned.strategy === "partitions") return await withdrawPartitions(step, ending);
  const attempt = await takeOver(step);
  switch (attempt.kind) {
    case "nothing":
      return await finish(step, attempt.present, ending);
    case "wait":
      return attempt;
    case "ours": {
      const { catalog, database } = step;
      const standing = (await readStanding(catalog.session, database, [attempt.own])).get(attempt.own);
      if (standing === undefined || !isRestoredTable(step, standing))
        return await carryOn(step, attempt, ending);
      // Another execution may have taken the name over since, and have published what is under it.
      const taken = await claimed(step, attempt.own, dropExistingTableStatement(database, attempt.own));
      return taken ?? (await fail(step, ending.error.message, ending.state));
    }
  }
}

/** The same; a table that cannot be taken away does not keep the run from its end: it is named. */
export async function withdrawOrLeave(step: TableStep, ending: Ending): Promise<Acted> {
  try {
    return await withdrawTable(step, ending);
  } catch (error) {
    if (!(error instanceof BackupError) || error.retriable) throw error;
    // What is left comes first: long texts of a server are cut where runs are listed.
    const left = `What was restored is left in ${step.database} under a name with ${step.mark}`;
    const reason = `${left}: it could not be taken away (${withoutStop(error.message)}). ${ending.error.message}`;
    return await fail(step, sentence(reason), ending.state);
  }
}
