import type { World } from "../support/world.ts";
import { observe, type Seen } from "./observe.ts";
import type { PastRestore } from "./restores/past.ts";
import type { Shape } from "./shapes.ts";

/** A table as the history of statements made it. */
export interface ModelTable {
  readonly shape: Shape;
  /** Columns that were added. */
  readonly added: readonly string[];
  /** Names of the partitions and the key each is for. */
  readonly partitions: ReadonlyMap<string, number>;
}

/** What a backup must be able to bring back. */
export interface RestorePoint {
  readonly label: string;
  /** Versions and schemas of the group's tables when the run was planned. */
  readonly planned: Seen;
  /** Tables, their columns and the content of every partition at the cut. */
  readonly state: Seen;
  readonly tables: ReadonlyMap<string, ModelTable>;
  /** As they were when the run was planned. */
  readonly schemaChanges: ReadonlyMap<string, number>;
  /** Whether tables were changed while the run was under way. */
  readonly disturbed: boolean;
  readonly type: "full" | "incremental";
}

/** What is known of a history so far. */
export interface Model {
  readonly tables: Map<string, ModelTable>;
  /** By name: how many schema changes a table of that name has had. */
  readonly schemaChanges: Map<string, number>;
  /** Oldest first. */
  readonly points: RestorePoint[];
  /** By label: all tables of the group when the snapshot's versions were fixed. */
  readonly snapshots: Map<string, Seen>;
  /** In place, oldest first. */
  readonly restores: PastRestore[];
}

/** The cluster a history is played on, in a database of its own. */
export interface History {
  readonly cluster: World;
  readonly database: string;
  readonly group: string;
  /** Names that belong to the group. */
  readonly inGroup: Set<string>;
  /** The statements so far, for a failure's message. */
  readonly log: string[];
  /** Never repeats, so that no two loads bring the same rows. */
  next(): number;
}

/** Names that tables get in a history: of its group, and others. */
export const groupNames = ["a", "b", "c", "e", "f", "g", "h", "i", "j", "k"] as const;
export const otherNames = ["x", "y"] as const;

export async function run(history: History, sql: string): Promise<void> {
  history.log.push(sql);
  await history.cluster.client.run(sql);
}

/** The tables of the group as they are, read past the product. */
export async function observeGroup(history: History): Promise<Seen> {
  const all = await observe(history.cluster.client, history.database);
  return new Map([...all].filter(([table]) => history.inGroup.has(table)));
}

/** `list[number modulo its length]`; undefined for an empty list. */
export function pick<Item>(list: readonly Item[], number: number): Item | undefined {
  return list[number % list.length];
}
