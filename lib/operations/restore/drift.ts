import { BackupError } from "../../errors.ts";
import { driftOf } from "../../planning/restore/drift.ts";
import { isReal, type PhysicalPartition } from "../../starrocks/observe/partitions.ts";
import { readTablesAndColumns } from "../../starrocks/observe/tables.ts";
import { liveTarget } from "./live-targets.ts";
import type { TableStep } from "./restore-step.ts";

/**
 * Looks at what a table replaces once more before it is published: an approval can take a day.
 *
 * @param partitions of the table that is replaced
 * @returns what has changed, for the report
 * @throws {BackupError} `TARGET_CHANGED` when that is more than the plan allows
 */
export async function checkDrift(
  step: TableStep,
  partitions: readonly PhysicalPartition[],
): Promise<string | undefined> {
  const { catalog, run, database, table, planned, progress } = step;
  if (planned.replaces === undefined) return undefined;
  const { configs, columns } = await readTablesAndColumns(catalog.session, [{ database, tables: [table] }]);
  const [config] = configs;
  // What took the name meanwhile is for publishing to deal with.
  if (config !== undefined && config.engine !== "OLAP") return undefined;
  const now = config && liveTarget({ config, columns, partitions: partitions.filter(isReal) }, planned.only);
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
