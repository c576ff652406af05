import { StarRocksFault } from "./fault.ts";
import { flag, text } from "./row.ts";
import type { ClusterAddress, Session } from "./session.ts";

/**
 * Address of the leader, when it is another frontend than the one that is connected to. Control statements belong there:
 * a follower forwards most of them, but shows restores without progress and lists partitions as of its last replay.
 *
 * @returns undefined when the session is on the leader, or when the frontends are not visible to the user
 */
export async function otherLeader(
  session: Session,
  host: string,
  address: ClusterAddress,
): Promise<ClusterAddress | undefined> {
  try {
    const rows = await session.query("SHOW FRONTENDS", "find the leader");
    const leader = rows.find((row) => text(row, "Role") === "LEADER" && flag(row, "Alive"));
    if (leader === undefined || rows.length === 1) return undefined;
    const found = { ...address, hosts: [text(leader, "IP")], port: Number(text(leader, "QueryPort")) };
    return found.hosts[0] === host && found.port === address.port ? undefined : found;
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "access-denied") return undefined;
    throw error;
  }
}
