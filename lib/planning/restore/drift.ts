import type { Amount } from "../live-table.ts";
import { haveSameLayout } from "../schema-hash.ts";
import type { LiveTarget, PlannedRestore } from "./restore-plan.ts";

/** How what a restore replaces has changed since the plan was made. */
export type Drift =
  | { readonly kind: "none" }
  /** Worth knowing; a sentence without its end. */
  | { readonly kind: "some"; readonly said: string }
  /** More than the approver of the plan was told to expect. */
  | { readonly kind: "too-much"; readonly said: string };

/**
 * Compares a live table with what the approved plan says of it. Rows are StarRocks' estimates, which lag some minutes.
 *
 * @param now undefined: it is gone
 * @param most by how many percent its rows may differ, of what it had or of what is restored, whichever is more
 */
export function driftOf(
  { replaces, rows }: Pick<PlannedRestore, "replaces" | "rows">,
  now: (Amount & Pick<LiveTarget, "definitionHash">) | undefined,
  most: number,
): Drift {
  if (replaces === undefined) return { kind: "none" };
  if (now === undefined)
    return { kind: "some", said: "what it was to replace was dropped after the plan was made" };
  const { definitionHash: before } = replaces;
  if (before !== undefined && !haveSameLayout(before, now.definitionHash ?? ""))
    return {
      kind: "too-much",
      said: "its columns, keys or distribution are not those that it had when the plan was made",
    };
  const difference = now.rows - replaces.rows;
  const said = `what it replaces has about ${now.rows} rows in ${now.partitions} partitions now, and had about ${replaces.rows} in ${replaces.partitions} when the plan was made`;
  if (Math.abs(difference) * 100 > most * Math.max(replaces.rows, rows, 1)) return { kind: "too-much", said };
  if (difference === 0 && now.partitions === replaces.partitions) return { kind: "none" };
  return { kind: "some", said };
}
