import type { Table } from "./model.ts";

/**
 * Ids a backend has in hand per table: the FE gives them out in intervals (`auto_increment_cache_size`), and its counter,
 * which is what BACKUP takes along, stands at the end of the last one.
 */
export class IdIntervals {
  readonly #open = new Map<number, { next: number; end: number }>();

  /** Forgets what is in hand, as when the FE sets the counter. */
  drop(tableId: number): void {
    this.#open.delete(tableId);
  }

  /** So many ids; the table's counter moves when those in hand do not do. */
  take(table: Table, count: number, interval: number): number[] {
    const { next = 0, end = 0 } = this.#open.get(table.id) ?? {};
    const ids = Array.from({ length: Math.min(count, end - next) }, (_, index) => next + index);
    const missing = count - ids.length;
    if (missing === 0) {
      this.#open.set(table.id, { next: next + count, end });
      return ids;
    }
    const first = table.nextAutoIncrement;
    table.nextAutoIncrement = first + Math.max(missing, interval);
    this.#open.set(table.id, { next: first + missing, end: table.nextAutoIncrement });
    for (let index = 0; index < missing; index += 1) ids.push(first + index);
    return ids;
  }
}
