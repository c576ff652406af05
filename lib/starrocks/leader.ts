import { StarRocksFault } from "./fault.ts";
import { flag, text } from "./row.ts";
import type { ClusterAddress, Row, Session } from "./session.ts";

/** Rows of SHOW FRONTENDS; undefined when they are not visible to the user. */
export async function readFrontends(session: Session): Promise<readonly Row[] | undefined> {
  try {
    return await session.query("SHOW FRONTENDS", "find the leader");
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "access-denied") return undefined;
    throw error;
  }
}

/**
 * Address of the leader, when it is another frontend than the one that is connected to. Control statements belong there:
 * a follower forwards most of them, but shows restores without progress and lists partitions as of its last replay.
 *
 * @param frontends rows of SHOW FRONTENDS
 */
export function otherLeader(
  frontends: readonly Row[],
  host: string,
  address: ClusterAddress,
): ClusterAddress | undefined {
  const leader = frontends.find((row) => text(row, "Role") === "LEADER" && flag(row, "Alive"));
  if (leader === undefined || frontends.length === 1) return undefined;
  const found = { ...address, hosts: [text(leader, "IP")], port: Number(text(leader, "QueryPort")) };
  return found.hosts[0] === host && found.port === address.port ? undefined : found;
}
