import { BackupError } from "../../errors.ts";
import { tableKey } from "../../planning/live-table.ts";
import { driftOf } from "../../planning/restore/drift.ts";
import { liveTarget, readLive } from "./live-targets.ts";
import type { TableStep } from "./restore-step.ts";

/**
 * Looks at what a table replaces once more before it is published: an approval can take a day.
 *
 * @returns what has changed, for the report
 * @throws {BackupError} `TARGET_CHANGED` when that is more than the plan allows
 */
export async function checkDrift(step: TableStep): Promise<string | undefined> {
  const { catalog, run, database, table, planned, progress } = step;
  if (planned.replaces === undefined) return undefined;
  const live = (await readLive(catalog.session, [{ database, table }])).get(tableKey({ database, table }));
  // What took the name meanwhile is for publishing to deal with.
  if (live !== undefined && live.config.engine !== "OLAP") return undefined;
  const now = live && liveTarget(live, planned.only);
  const { maxDrift = Number.POSITIVE_INFINITY } = run.plan;
  const drift = driftOf(planned, now, maxDrift);
  if (drift.kind === "none") return undefined;
  progress.say(`${database}.${table}: ${drift.said}`);
  if (drift.kind === "some") return drift.said;
  throw new BackupError({
    code: "TARGET_CHANGED",
    message: `${database}.${table} has changed too much since the plan was approved: ${drift.said}.`,
    next: `Nothing was replaced. Plan the restore again, or allow more than ${maxDrift} % (max_drift).`,
  });
}
