import type { Catalog } from "../../catalog/catalog.ts";
import { type ListedRun, listOpenRuns, type OpenRun, withDatabases } from "../../catalog/open-runs.ts";
import { slotExpirySeconds } from "../../catalog/slots.ts";

/** An approval comes within a day; a plan that is older than two begins no more. */
const plannedForSeconds = 2 * 24 * 3600;

/** Whether nobody works for an open run any more: a step beats every minute, and a flow pauses for a minute at most. */
export function isSilent({ state, silentSeconds }: ListedRun): boolean {
  return silentSeconds >= (state === "PLANNED" ? plannedForSeconds : slotExpirySeconds);
}

export async function readSilentRuns(catalog: Catalog): Promise<readonly OpenRun[]> {
  return await silentAmong(catalog, await listOpenRuns(catalog, { kind: "all" }));
}

/** The silent ones of the runs that are open. */
export async function silentAmong(catalog: Catalog, open: readonly ListedRun[]): Promise<readonly OpenRun[]> {
  return await withDatabases(catalog, open.filter(isSilent));
}

/**
 * The silent runs that concern a step that works for a run: those of its databases. Where the run itself has been silent
 * that long, what kept its step from a worker may keep others', so nothing is concluded from their silence.
 *
 * @param open what was open before the step gave its first sign of life
 */
export async function readSilentBeside(
  catalog: Catalog,
  open: readonly ListedRun[],
  runId: string,
): Promise<readonly OpenRun[]> {
  const own = open.find((each) => each.runId === runId);
  const silent = open.filter((run) => run.runId !== runId && isSilent(run));
  if (own === undefined || isSilent(own) || silent.length === 0) return [];
  const [ofOwn, ...ofOthers] = await withDatabases(catalog, [own, ...silent]);
  const databases = new Set(ofOwn?.databases);
  return ofOthers.filter((run) => run.databases.some((database) => databases.has(database)));
}
