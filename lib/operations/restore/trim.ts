import type { RestorePart } from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { isReal, type PhysicalPartition, readPartitions } from "../../starrocks/observe/partitions.ts";
import { dropPartitionStatement, renameStatement } from "../../starrocks/statements/alter.ts";
import type { TableStep } from "./restore-step.ts";
import { closeVersionGaps } from "./version-gap.ts";
import { readPartContent } from "./whole-parts.ts";

/** The table in which the parts are put together is there. */
export interface Begun {
  readonly kind: "begun";
  /** Its partitions, without hidden and temporary ones. */
  readonly listed: readonly PhysicalPartition[];
}

/**
 * Drops what the first part brought along beyond the restore point and rewrites what is not sound, under its first name;
 * then gives it the name in which the parts are put together. An execution that was paused before a drop or a rewrite
 * finds no table of the first name any more, so it can never touch what was put in or published later. An overwrite that
 * is still under way has a temporary partition; it is waited for.
 *
 * @param listed partitions of the first part, hidden and temporary ones too
 */
export async function trim(
  step: TableStep,
  base: RestorePart,
  listed: readonly PhysicalPartition[],
): Promise<Wait | Begun> {
  const { catalog, database, planned } = step;
  const { assembledAs } = planned;
  const partitions = listed.filter(isReal);
  const superfluous = new Set((await readPartContent(step, base, partitions)).superfluous);
  for (const partition of superfluous) {
    await catalog.session.execute(
      dropPartitionStatement(database, base.as, partition),
      `drop partition ${partition} of ${base.as}`,
    );
  }
  const kept = partitions.filter((each) => !superfluous.has(each.partition));
  const rewritten = await closeVersionGaps(step, base.as, kept);
  const now = rewritten ? await readPartitions(catalog.session, [{ database, tables: [base.as] }]) : listed;
  if (now.some((each) => each.temporary)) return waitFor(`${base.as} is being overwritten`);
  await catalog.session.execute(
    renameStatement(database, base.as, assembledAs),
    `rename the trimmed table ${database}.${base.as}`,
  );
  return { kind: "begun", listed: kept };
}
