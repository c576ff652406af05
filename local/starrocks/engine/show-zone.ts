import type { Cluster } from "./cluster.ts";

/** Zone in which SHOW renders times: the session's, but for the regression of 4.1.0 and 4.1.1 (§3.2, §9.2). */
export function showZone({ knobs }: Cluster, sessionZone: string): string {
  return knobs.showTimesInUtc8 ? "+08:00" : sessionZone;
}
