import { text } from "../row.ts";
import type { Row, Session } from "../session.ts";

/** What the FE says of itself. All instants of this project are the FE's: a worker's clock may be off. */
export interface ServerClock {
  /** `yyyy-MM-dd HH:mm:ss`, UTC. */
  readonly now: string;
  /** As in `3.5.2`. */
  readonly version: string;
}

/** What a SELECT asks for it. `current_version()` prints version, space, commit; `version()` is only MySQL compatibility. */
export const clockColumns =
  "date_format(now(), '%Y-%m-%d %H:%i:%s') AS server_now, current_version() AS server_version";

export function clockOf(row: Row): ServerClock {
  return { now: text(row, "server_now"), version: text(row, "server_version").split(" ")[0] ?? "" };
}

export async function readClock(session: Session): Promise<ServerClock> {
  const [row] = await session.query(`SELECT ${clockColumns}`, "read the cluster's clock and version");
  if (row === undefined) throw new Error("a SELECT without FROM gave no row");
  return clockOf(row);
}

/** The time zone that the cluster's sessions begin with: an offset, or the name of a zone (starrocks.md §16). */
export async function readClusterZone(session: Session): Promise<string> {
  const [row = {}] = await session.query(
    "SELECT @@global.time_zone AS zone, @@system_time_zone AS system_zone",
    "read the cluster's time zone",
  );
  const zone = text(row, "zone");
  return zone.toUpperCase() === "SYSTEM" ? text(row, "system_zone") : zone;
}
