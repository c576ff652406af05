import type { RestoreRecord } from "../../catalog/restores.ts";
import type { PlannedRestore } from "./restore-plan.ts";

/** Whether what a restore has made live can give way again to what was there before. */
export type UndoOutlook =
  /** @param until UTC; undefined: until somebody drops what is kept */
  | { readonly kind: "possible"; readonly until: string | undefined }
  /** A sentence without its end. */
  | { readonly kind: "impossible"; readonly reason: string };

/**
 * What there is to say of that when a table has been restored, by what was recorded.
 *
 * @param planned undefined where the plan does not have the table
 * @param keepSeconds of the plan
 */
export function undoOutlook(
  record: Pick<RestoreRecord, "status" | "replacedKeptAs" | "keptUntil" | "undoneBy">,
  planned: Pick<PlannedRestore, "source" | "replaces"> | undefined,
  keepSeconds: number | undefined,
): UndoOutlook {
  if (record.status !== "FINISHED") return { kind: "impossible", reason: "it has not become live" };
  if (record.undoneBy !== undefined)
    return { kind: "impossible", reason: `run ${record.undoneBy} has undone it` };
  if (record.replacedKeptAs !== undefined) return { kind: "possible", until: record.keptUntil };
  if (planned?.source !== undefined)
    return {
      kind: "impossible",
      reason: "it is a copy, and has replaced nothing: drop it when it is not needed",
    };
  if (planned?.replaces === undefined)
    return { kind: "impossible", reason: "there was no table before: drop it when it is not wanted" };
  const reason =
    keepSeconds === 0 ? "what was replaced was not to be kept" : "what was replaced is not there any more";
  return { kind: "impossible", reason };
}
