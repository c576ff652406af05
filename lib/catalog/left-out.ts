import type { BackupRecord } from "./history.ts";

type LeftOut = BackupRecord["leftOut"];

/** A STRING column holds 65,533 bytes. */
const mostBytes = 60_000;

/** As many as the column holds; the rest is counted in a last entry. */
export function withinColumn(leftOut: LeftOut): LeftOut {
  const kept: LeftOut[number][] = [];
  let bytes = 0;
  for (const each of leftOut) {
    bytes += Buffer.byteLength(JSON.stringify(each)) + 1;
    if (bytes > mostBytes) break;
    kept.push(each);
  }
  const more = leftOut.length - kept.length;
  if (more === 0) return leftOut;
  return [...kept, { object: `${more} more`, reason: "not listed here: the plan of the run has them all" }];
}
