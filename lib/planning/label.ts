import type { BackupType } from "../catalog/history.ts";
import { digest } from "../digest.ts";

/** Longest base of a label; the whole label must fit the history's key (below 128 bytes). */
const longestBase = 80;

/**
 * `<base>_<yyyymmdd>_<hhmmss>_<type>`: `sales_db_20251125_143022_full`. Only `[A-Za-z0-9_]`, since StarRocks embeds a
 * label verbatim in paths and glob patterns. A base that had to be altered ends in a hash, so that two databases
 * never share one.
 *
 * @param at UTC, `yyyy-MM-dd HH:mm:ss`
 */
export function backupLabel(base: string, at: string, type: BackupType): string {
  return `${labelBase(base)}_${compactStamp(at)}_${type}`;
}

function labelBase(base: string): string {
  const plain = base.replace(/[^A-Za-z0-9_]/g, "_");
  if (plain === base && plain.length <= longestBase) return plain;
  return `${plain.slice(0, longestBase - 9)}_${digest(base, 8)}`;
}

/** `2025-11-25 14:30:22` as `20251125_143022`. */
export function compactStamp(at: string): string {
  return at.replaceAll("-", "").replaceAll(":", "").replace(" ", "_");
}
