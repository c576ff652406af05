import type { RequestedTarget } from "../../operations/restore/cluster-time.ts";
import { type ReadInstant, readInstant } from "../../planning/restore/instant.ts";

/** What a restore form says of the point in time that is meant. */
interface RestoreTime {
  readonly starrocks: { readonly time_zone?: string | undefined };
  readonly target_label?: string | undefined;
  readonly target_time?: string | undefined;
  readonly time_zone?: string | undefined;
}

/** The time that is asked for; its zone is its own, the form's or the resource's. */
export function timeOf({ starrocks, target_time = "", time_zone }: RestoreTime): ReadInstant {
  return readInstant(target_time, time_zone ?? starrocks.time_zone);
}

/** A label or a time, of a form that has been checked. */
export function pointOf(given: RestoreTime): RequestedTarget["at"] {
  const { target_label, target_time = "" } = given;
  if (target_label !== undefined) return { kind: "label", label: target_label };
  const time = timeOf(given);
  return time.kind === "instant" ? { kind: "time", time: time.utc } : { kind: "zoneless", text: target_time };
}
