import { beginningOf } from "../../cut.ts";
import { digest } from "../../digest.ts";

/** Older StarRocks versions allow 64 characters in a table's name; the longest suffix below takes 35. */
const longestStem = 29;

/** Temporary name of one snapshot's part of a table: `orders__r_5f0c21aa_0`. */
export function partName(table: string, mark: string, snapshot: number): string {
  return `${stem(table)}__r_${mark}_${snapshot}`;
}

/**
 * Name right before publishing: `orders__p_5f0c21aa_09bd3c11`. Each attempt renames to a name of its own, so a step that
 * was paused before its SWAP finds its name gone instead of swapping the restored table away again.
 */
export function publishName(table: string, mark: string, attempt: string): string {
  return `${publishPrefix(table, mark)}${attempt}`;
}

export function publishPrefix(table: string, mark: string): string {
  return `${stem(table)}__p_${mark}_`;
}

/** Where the replaced table is kept: `orders__replaced_20251125_5f0c21aa`. */
export function keepName(table: string, mark: string, day: string): string {
  return `${stem(table)}__replaced_${day}_${mark}`;
}

/** Whether a table is one that only the run of the mark needs: a part, or one that is about to be published. */
export function isTemporaryOf(mark: string, table: string): boolean {
  return new RegExp(`__(r_${mark}_\\d+|p_${mark}_[0-9a-f]{8})$`).test(table);
}

/** Whether a name is of one of the forms above; such tables do not belong into a backup of `db.*`. */
export function isKeptByRestore(table: string): boolean {
  return /__(r_[0-9a-f]{8}_\d+|p_[0-9a-f]{8}_[0-9a-f]{8}|replaced_\d{8}_[0-9a-f]{8})$/.test(table);
}

/** The mark of the run that a name of one of the forms above speaks of. */
export function markIn(table: string): string | undefined {
  const [, part, publish, kept] =
    /__(?:r_([0-9a-f]{8})_\d+|p_([0-9a-f]{8})_[0-9a-f]{8}|replaced_\d{8}_([0-9a-f]{8}))$/.exec(table) ?? [];
  return part ?? publish ?? kept;
}

function stem(table: string): string {
  if (table.length <= longestStem) return table;
  return `${beginningOf(table, longestStem - 9)}_${digest(table, 8)}`;
}
