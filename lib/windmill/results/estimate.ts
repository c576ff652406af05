import type { DurationEstimate } from "../../planning/restore/preflight/duration.ts";
import type { Estimate } from "../../planning/restore/restore-plan.ts";
import { counted, number, size } from "./amounts.ts";

/** The machine's side of what a restore costs. */
export function estimateKeys({ space, duration, ...cost }: Estimate) {
  return {
    download_bytes: cost.downloadBytes,
    rewritten_rows: cost.rewrittenRows,
    peak_bytes: cost.peakBytes,
    kept_bytes: cost.keptBytes,
    unknown_sizes: cost.unknownSizes,
    space: space.kind,
    free_bytes: space.kind === "unknown" ? null : space.availableBytes,
    seconds: duration?.seconds ?? null,
    by_restores: duration?.restores ?? 0,
  };
}

/** What it costs, in one paragraph. Sizes are those of the manifests, every replica counted. */
export function costs(estimate: Estimate): string {
  const { downloadBytes, rewrittenRows, unknownSizes } = estimate;
  const rows =
    rewrittenRows === 0
      ? "no row to be written again"
      : `about ${number(rewrittenRows)} rows to be written again`;
  const unknown =
    unknownSizes === 0 ? "" : ` Sizes of ${counted(unknownSizes, "partition")} are not known, and left out.`;
  return `It costs ${size(downloadBytes)} to download, all replicas counted, and ${rows}; ${spaceText(estimate)}. ${timeText(estimate.duration)}${unknown}`;
}

function spaceText({ space, peakBytes, keptBytes }: Estimate): string {
  const needed = `the backends hold up to ${size(peakBytes)} more meanwhile, ${size(keptBytes)} as long as what was replaced is kept`;
  switch (space.kind) {
    case "unknown":
      return `${needed} (how much is free cannot be seen)`;
    case "tight":
      return `${needed}, and have only ${size(space.availableBytes)} free: that is tight, free some before`;
    case "enough":
    case "impossible":
      return `${needed}, of ${size(space.availableBytes)} free`;
  }
}

function timeText(duration: DurationEstimate | undefined): string {
  if (duration === undefined)
    return "How long it takes is not known: no earlier restore of a similar size tells.";
  const { seconds, restores, since, bytesPerSecond } = duration;
  const minutes = Math.max(1, Math.round(seconds / 60));
  return `It takes about ${counted(minutes, "minute")}, by ${counted(restores, "earlier restore")} since ${since} UTC (${size(Math.round(bytesPerSecond))} a second).`;
}
