import type { Catalog } from "../../catalog/catalog.ts";
import { type OpenRun, readOpenRuns } from "../../catalog/open-runs.ts";
import { slotExpirySeconds } from "../../catalog/slots.ts";

/** An approval comes within a day; a plan that is older than two begins no more. */
const plannedForSeconds = 2 * 24 * 3600;

/** Whether nobody works for an open run any more: a step beats every minute, and a flow pauses for a minute at most. */
export function isSilent({ state, silentSeconds }: OpenRun): boolean {
  return silentSeconds >= (state === "PLANNED" ? plannedForSeconds : slotExpirySeconds);
}

export async function readSilentRuns(catalog: Catalog): Promise<readonly OpenRun[]> {
  return (await readOpenRuns(catalog, { kind: "all" })).filter(isSilent);
}

/**
 * The silent runs that concern a step that works for a run: those of its databases. Where the run itself has been silent
 * that long, what kept its step from a worker may keep others', so nothing is concluded from their silence.
 *
 * @param open what was open before the step gave its first sign of life
 */
export function silentBeside(open: readonly OpenRun[], runId: string): readonly OpenRun[] {
  const own = open.find((each) => each.runId === runId);
  if (own === undefined || isSilent(own)) return [];
  const databases = new Set(own.databases);
  return open.filter(
    (run) =>
      run.runId !== runId && isSilent(run) && run.databases.some((database) => databases.has(database)),
  );
}
