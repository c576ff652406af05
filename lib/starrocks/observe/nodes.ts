import { StarRocksFault } from "../fault.ts";
import { placeOf } from "../place.ts";
import { flag, optionalText, text } from "../row.ts";
import type { Row, Session } from "../session.ts";

/** One frontend or backend. */
export interface ClusterNode {
  readonly kind: "frontend" | "backend";
  readonly address: string;
  readonly alive: boolean;
  /** What a backend has told of its disks; undefined of a frontend, and before it has told anything. */
  readonly disks?: DiskSpace | undefined;
}

/** The disks of one backend, in bytes. */
export interface DiskSpace {
  readonly availableBytes: number;
  readonly totalBytes: number;
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
    disks: disksOf(row),
  };
}

/** Before a backend has reported its disks, the total is `0.000 B` (starrocks.md §16). */
function disksOf(row: Row): DiskSpace | undefined {
  const totalBytes = bytesIn(optionalText(row, "TotalCapacity") ?? "");
  const availableBytes = bytesIn(optionalText(row, "AvailCapacity") ?? "");
  return totalBytes > 0 ? { availableBytes, totalBytes } : undefined;
}

/** `99.998 GB`, in units of 1,024; 0 for what is none. */
function bytesIn(capacity: string): number {
  const [, amount = "", unit = ""] = /^([\d.]+) ([KMGTP]?B)$/.exec(capacity.trim()) ?? [];
  const power = ["B", "KB", "MB", "GB", "TB", "PB"].indexOf(unit);
  return power < 0 ? 0 : Math.round(Number(amount) * 1024 ** power);
}
