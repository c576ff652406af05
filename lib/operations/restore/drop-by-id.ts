import { type Looks, lookUntil } from "../../look-until.ts";
import type { TableName } from "../../planning/restore/destination.ts";
import { runMark } from "../step/run-id.ts";
import { dropClaimed } from "./drop-claimed.ts";
import type { RestoreStep } from "./restore-step.ts";
import { nameOf, type Sought } from "./whereabouts.ts";

/**
 * Drops a table of a run, whatever an execution has called it. Another one may be dropping it too: what is nowhere any more is
 * dropped.
 *
 * @param of the table that the run has restored
 * @returns why it is still there; undefined: it is not
 */
export async function dropById(
  step: RestoreStep,
  of: TableName,
  sought: Sought,
): Promise<string | undefined> {
  const { catalog, run } = step;
  let reason: string | undefined;
  const gone = await lookUntil(looks, async () => {
    const name = await nameOf(catalog.session, runMark(run.runId), of, sought);
    if (name === undefined) return true;
    reason = await dropClaimed(step, { database: of.database, table: name, id: sought.id }, run.runId);
    return reason === undefined ? true : undefined;
  });
  return gone ? undefined : reason;
}

const looks: Looks = { most: 3, pauseMs: 500 };
