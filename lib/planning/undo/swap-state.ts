import type { PlannedUndo } from "./undo-plan.ts";

/** What is there under the names that a swap back deals with. */
export interface SeenNames {
  readonly live: string | undefined;
  /** Id under the keep name. */
  readonly kept: string | undefined;
  /** A name that an execution has given to the table it swaps, and the id under it. */
  readonly attempt: { readonly name: string; readonly id: string } | undefined;
}

export type SwapState =
  /** The replaced table is under `name`, and the restored one is live. */
  | { readonly kind: "swap"; readonly name: string }
  /** They are swapped; the restored one has not got the keep name yet. */
  | { readonly kind: "rename"; readonly name: string }
  | { readonly kind: "done" }
  /** @param reason a sentence without its end */
  | { readonly kind: "impossible"; readonly reason: string };

/** How far a swap back is, by the ids that stay with tables whatever they are called. */
export function swapState(
  { table, keptAs, liveId, keptId }: Pick<PlannedUndo, "table" | "keptAs" | "liveId" | "keptId">,
  { live, kept, attempt }: SeenNames,
): SwapState {
  if (live === keptId) {
    return attempt?.id === liveId ? { kind: "rename", name: attempt.name } : { kind: "done" };
  }
  if (live === undefined) return { kind: "impossible", reason: `${table} was dropped or renamed` };
  if (live !== liveId)
    return {
      kind: "impossible",
      reason: `${table} is not the restored table any more: another one was put there`,
    };
  if (kept === keptId) return { kind: "swap", name: keptAs };
  if (attempt?.id === keptId) return { kind: "swap", name: attempt.name };
  const reason =
    kept === undefined ? `${keptAs} was dropped` : `${keptAs} is not the replaced table any more`;
  return { kind: "impossible", reason };
}
