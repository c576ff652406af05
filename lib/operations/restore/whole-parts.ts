import { readRestore, recordRepeat } from "../../catalog/restores.ts";
import { BackupError } from "../../errors.ts";
import { planHash } from "../../planning/plan-hash.ts";
import type { RestorePart } from "../../planning/restore/restore-plan.ts";
import type { PhysicalPartition } from "../../starrocks/observe/partitions.ts";
import { readPartPartitions } from "./part-partitions.ts";
import { backupsOf, type TableStep } from "./restore-step.ts";
import { dropTemporary } from "./temporary.ts";

/** The partitions of a part that belong to the restore point, by what is there of them. */
export interface PartContent {
  readonly wanted: readonly string[];
  readonly missing: readonly string[];
  /** What the restore point does not have: the snapshot's own, and what a schedule has added meanwhile. */
  readonly superfluous: readonly string[];
}

/**
 * What a restored part holds. The manifests are read only where it is not what was planned.
 *
 * @param listed its partitions
 */
export async function readPartContent(
  step: TableStep,
  part: RestorePart,
  listed: readonly PhysicalPartition[],
): Promise<PartContent> {
  const { planned } = step;
  const present = [...new Set(listed.map((each) => each.partition))].sort();
  // The one partition of an unpartitioned table is called like the table.
  if (planned.partitionKind === "none") return { wanted: present, missing: [], superfluous: [] };
  const known = new Set(planned.superfluous);
  const own = present.filter((each) => !known.has(each));
  if (planHash(own) === part.partitionsHash)
    return { wanted: own, missing: [], superfluous: present.filter((each) => known.has(each)) };
  const [{ names } = { names: [] }] = await readPartPartitions(await backupsOf(step), part.label, [planned]);
  const wanted = new Set(names);
  return {
    wanted: names,
    missing: names.filter((each) => !present.includes(each)),
    superfluous: present.filter((each) => !wanted.has(each)),
  };
}

/**
 * Has a part restored once more that StarRocks dropped partitions of before its schedule could be switched off.
 *
 * @throws {BackupError} `PARTITIONS_MISSING` when that has happened too often; the live table was not touched
 */
export async function restoreAgain(
  step: TableStep,
  part: RestorePart,
  missing: readonly string[],
): Promise<void> {
  const { catalog, run, database, table, progress } = step;
  const record = await readRestore(catalog, { runId: run.runId, database, table });
  const repeats = record?.repeats ?? 0;
  if (repeats >= mostRepeats) throw partitionsLost(step, part, missing);
  progress.say(
    `${part.as} has lost ${missing.length} of its partitions to its own schedule: restoring it once more`,
  );
  await recordRepeat(catalog, { runId: run.runId, database, table }, repeats + 1);
  await dropTemporary(step, part.as);
}

const mostRepeats = 3;

function partitionsLost(
  { database, table }: TableStep,
  part: RestorePart,
  missing: readonly string[],
): BackupError {
  return new BackupError({
    code: "PARTITIONS_MISSING",
    message: `StarRocks dropped ${missing.length} partitions of ${database}.${table} as restored from ${part.label} (${missing[0]} first) before their schedule could be switched off, ${mostRepeats + 1} times.`,
    next: "Nothing was published. Raise dynamic_partition_check_interval_seconds on the frontends for a while, and plan the restore again.",
  });
}
