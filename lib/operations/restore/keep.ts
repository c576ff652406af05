import type { KeptTable } from "../../catalog/restores.ts";
import { BackupError } from "../../errors.ts";
import { secondsLater } from "../../instants.ts";
import { withoutStop } from "../../sentence.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import type { Standing } from "../../starrocks/observe/standing.ts";
import { dropTableStatement } from "../../starrocks/statements/alter.ts";
import type { Ending } from "../step/ending.ts";
import type { TableStep } from "./restore-step.ts";

/** What is there when a table has been published. */
export interface Published {
  /** The table under the keep name; undefined: nothing was replaced, or it is gone. */
  readonly kept: Standing | undefined;
  /** Whether what is live was seen to be what was restored. */
  readonly isPublished: boolean;
  /** Of a restore that was given up. */
  readonly ending: Ending | undefined;
}

/** What has become of a replaced table, and what a person should know of that. */
export interface KeptOrDropped {
  readonly kept: KeptTable | undefined;
  readonly notices: readonly string[];
}

/**
 * Keeps the table that was replaced for as long as the plan says; drops it at once where that is not at all. What was given
 * up, and what is not for certain the replaced table, is kept all the same.
 */
export async function keepOrDrop(
  step: TableStep,
  { kept, isPublished, ending }: Published,
): Promise<KeptOrDropped> {
  const { catalog, run, database, planned, record, progress } = step;
  const name = planned.replaces?.keptAs;
  if (kept === undefined || name === undefined) return { kept: undefined, notices: [] };
  const keeping = { name, tableId: kept.id, until: keptUntil(step) };
  if (run.plan.keepSeconds !== 0 || ending !== undefined) return { kept: keeping, notices: [] };
  const replaced = new Set(record?.replacedIds);
  if (!isPublished || !kept.partitionIds.some((id) => replaced.has(id))) {
    const reason = "it was not to be seen any more that it is the table that was replaced";
    return { kept: keeping, notices: [`${name} was to be dropped and is kept: ${reason}`] };
  }
  try {
    await catalog.session.execute(
      dropTableStatement(database, name),
      `drop the replaced table ${database}.${name}`,
    );
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    if (error instanceof StarRocksFault && error.kind === "connection") throw error;
    const reason = `${name} is kept: ${withoutStop(error.message)}`;
    return { kept: keeping, notices: [reason] };
  }
  progress.say(`${database}.${planned.table}: dropped the replaced table ${name}`);
  return { kept: undefined, notices: [] };
}

/** Until when a table is kept that was replaced just now. */
export function keptUntil({ catalog, run }: TableStep): string | undefined {
  const { keepSeconds } = run.plan;
  return keepSeconds === undefined ? undefined : secondsLater(catalog.clock(), keepSeconds);
}
