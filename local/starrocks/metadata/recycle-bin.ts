import type { Partition, Table } from "./model.ts";

export type Recycled =
  | Readonly<{ kind: "table"; id: number; droppedAt: number; table: Table; partitions: readonly Partition[] }>
  | Readonly<{ kind: "partition"; id: number; droppedAt: number; partition: Partition }>;

const keptMs = 86_400_000;

/** What DROP without FORCE leaves for RECOVER, for a day (starrocks.md §9.5); rows stay where they were. */
export class RecycleBin {
  readonly #entries = new Map<number, Recycled>();

  put(entry: Recycled): void {
    this.#entries.set(entry.id, entry);
  }

  byId(id: number): Recycled | undefined {
    return this.#entries.get(id);
  }

  remove(entry: Recycled): void {
    this.#entries.delete(entry.id);
  }

  /** A later drop of the same name hides the earlier one. */
  partition(
    tableId: number,
    name: string,
    now: number,
  ): Extract<Recycled, { kind: "partition" }> | undefined {
    let found: Extract<Recycled, { kind: "partition" }> | undefined;
    for (const entry of this.#entries.values()) {
      if (entry.kind !== "partition" || now - entry.droppedAt > keptMs) continue;
      const { partition } = entry;
      if (partition.tableId === tableId && partition.name.toLowerCase() === name.toLowerCase()) found = entry;
    }
    return found;
  }

  table(dbId: number, name: string, now: number): Extract<Recycled, { kind: "table" }> | undefined {
    return this.tables(dbId)
      .filter((entry) => entry.table.name === name && now - entry.droppedAt <= keptMs)
      .at(-1);
  }

  tables(dbId: number): Extract<Recycled, { kind: "table" }>[] {
    return [...this.#entries.values()].flatMap((entry) =>
      entry.kind === "table" && entry.table.dbId === dbId ? [entry] : [],
    );
  }

  /** Physical partitions of dropped logical ones: their rows are still in the table's storage. */
  hiddenIds(tableId: number): number[] {
    return [...this.#entries.values()].flatMap((entry) =>
      entry.kind === "partition" && entry.partition.tableId === tableId
        ? entry.partition.physical.map((physical) => physical.id)
        : [],
    );
  }
}
