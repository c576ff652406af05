import type { BackupRecord } from "../../catalog/history.ts";

/** Why a backup fails of whose tables none is left: a restore point without any table would only look like one. */
export function nothingLeft({ leftOut }: BackupRecord): string {
  const reasons = leftOut.map(({ object, reason }) => `${object} ${reason}`).join("; ");
  return `nothing is left to copy: ${reasons || "what it named was dropped after the plan was made"}`;
}
