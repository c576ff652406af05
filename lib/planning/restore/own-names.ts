import { keepName, partName } from "./names.ts";
import type { PlannedRestore, RestorePlan } from "./restore-plan.ts";

/**
 * The plan of a run with the names that its tables have by right, whatever the stored text says of them: whoever can write
 * the catalog can write a live table's name there, and by these names tables are dropped and swapped.
 *
 * @param mark of the run, from its id
 */
export function withOwnNames(plan: RestorePlan, mark: string): RestorePlan {
  const day = /^\d{4}-\d\d-\d\d/.exec(plan.plannedAt)?.[0].replaceAll("-", "") ?? "00000000";
  return { ...plan, tables: plan.tables.map((planned) => ownNames(planned, mark, day)) };
}

function ownNames(planned: PlannedRestore, mark: string, day: string): PlannedRestore {
  const { table, parts, replaces } = planned;
  return {
    ...planned,
    parts: parts.map((part, index) => ({ ...part, as: partName(table, mark, index) })),
    assembledAs: partName(table, mark, parts.length),
    replaces: replaces && { ...replaces, keptAs: keepName(table, mark, day) },
  };
}

/**
 * Whether a table came into being after a plan was made. StarRocks numbers whatever it creates upwards, so nothing that
 * was live when the plan was made can pass for a table of the run's, by no name (starrocks.md §9.3).
 *
 * @param id of the table
 */
export function isNewerThan({ newestTable = "0" }: RestorePlan, id: string): boolean {
  return isNumber(newestTable) && isNumber(id) && BigInt(id) > BigInt(newestTable);
}

function isNumber(text: string): boolean {
  return /^\d{1,20}$/.test(text);
}
