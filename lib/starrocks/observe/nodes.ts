import { StarRocksFault } from "../fault.ts";
import { placeOf } from "../place.ts";
import { flag, text } from "../row.ts";
import type { Row, Session } from "../session.ts";

/** One frontend or backend. */
export interface ClusterNode {
  readonly kind: "frontend" | "backend";
  readonly address: string;
  readonly alive: boolean;
}

/** All nodes, or why they cannot be seen (SHOW FRONTENDS needs OPERATE on SYSTEM, which a backup user may lack). */
export type ClusterNodes =
  | { readonly kind: "known"; readonly nodes: readonly ClusterNode[] }
  | { readonly kind: "hidden"; readonly reason: string };

export async function readNodes(session: Session): Promise<ClusterNodes> {
  try {
    const frontends = session.frontends ?? [];
    const backends = await session.query("SHOW BACKENDS", "list the backends");
    const nodes = [...frontends.map(frontend), ...backends.map(backend)];
    return { kind: "known", nodes };
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "access-denied") {
      return { kind: "hidden", reason: "the user lacks OPERATE on SYSTEM" };
    }
    throw error;
  }
}

function frontend(row: Row): ClusterNode {
  return {
    kind: "frontend",
    address: placeOf(text(row, "IP"), text(row, "QueryPort")),
    alive: flag(row, "Alive"),
  };
}

function backend(row: Row): ClusterNode {
  return {
    kind: "backend",
    address: placeOf(text(row, "IP"), text(row, "BePort")),
    alive: flag(row, "Alive"),
  };
}
