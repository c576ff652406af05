import { BackupError } from "../../errors.ts";
import { readInstant, zoneOfCluster } from "../../planning/restore/instant.ts";
import type { RestoreTarget } from "../../planning/restore/point.ts";
import { readClusterZone } from "../../starrocks/observe/clock.ts";
import type { Session } from "../../starrocks/session.ts";

/** What a restore was asked to aim at: its time may be one that only the cluster's zone makes an instant. */
export interface RequestedTarget extends Omit<RestoreTarget, "at"> {
  readonly at: RestoreTarget["at"] | { readonly kind: "zoneless"; readonly text: string };
}

/** A target, and what its reader should know of its time. */
export interface SettledTarget {
  readonly target: RestoreTarget;
  readonly notes: readonly string[];
}

/**
 * Takes a time without a zone as one of the cluster's own.
 *
 * @throws {BackupError} `INVALID_INPUT` for a time that the zone leaves out or has twice
 */
export async function settleTime(session: Session, { at, ...rest }: RequestedTarget): Promise<SettledTarget> {
  if (at.kind !== "zoneless") return { target: { ...rest, at }, notes: [] };
  const said = await readClusterZone(session);
  const zone = zoneOfCluster(said);
  const read = readInstant(at.text, zone ?? "UTC");
  if (read.kind !== "instant") {
    const advice = read.kind === "fault" ? read.advice : "write it with a time zone";
    throw new BackupError({
      code: "INVALID_INPUT",
      message: `The input is not usable: Time: ${advice}.`,
      next: "Correct the named fields and run again; nothing was changed.",
    });
  }
  const note =
    zone === undefined
      ? `The cluster's time zone ${said} is not known here: ${at.text} was taken as UTC.`
      : `${at.text} was taken in the cluster's time zone, ${said}: ${read.utc} UTC.`;
  return {
    target: { ...rest, at: { kind: "time", time: read.utc } },
    notes: said === "UTC" || said === "Etc/UTC" || said === "+00:00" ? [] : [note],
  };
}
