import { BackupError } from "../../errors.ts";
import { type DiskSpace, readNodes } from "../../starrocks/observe/nodes.ts";
import type { Session } from "../../starrocks/session.ts";

/** Whether a run can succeed, and what its reader should know of the cluster. */
export interface Health {
  /** One sentence a finding; empty when all nodes are alive. */
  readonly notes: readonly string[];
  /** Undefined when the user may not see the nodes. */
  readonly aliveBackends: number | undefined;
  /** Of the live backends; undefined when they cannot be seen. */
  readonly disks: readonly DiskSpace[] | undefined;
}

/**
 * Dead nodes are reported, not a reason to stop: StarRocks needs one good replica a tablet. Without any live backend
 * nothing can work.
 *
 * @throws {BackupError} `NO_LIVE_BACKEND`
 */
export async function checkHealth(session: Session): Promise<Health> {
  const seen = await readNodes(session);
  if (seen.kind === "hidden") {
    return {
      notes: [`The nodes' state is not known: ${seen.reason}.`],
      aliveBackends: undefined,
      disks: undefined,
    };
  }
  const alive = seen.nodes.filter((node) => node.kind === "backend" && node.alive);
  if (alive.length === 0) {
    throw new BackupError({
      code: "NO_LIVE_BACKEND",
      message: "No backend is alive.",
      next: "Bring up the backends, then run again.",
      retriable: true,
    });
  }
  const dead = seen.nodes.filter((node) => !node.alive);
  return {
    notes: dead.map((node) => `The ${node.kind} ${node.address} is not alive.`),
    aliveBackends: alive.length,
    disks: alive.flatMap((node) => node.disks ?? []),
  };
}
