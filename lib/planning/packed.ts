import { deflateRawSync, inflateRawSync } from "node:zlib";

/**
 * A list that waits as compressed text until its turn comes. A cluster can have a million partitions: as objects they
 * take ten times the memory.
 */
export interface Packed<Item> {
  items(): readonly Item[];
}

/** @param items of plain JSON */
export function pack<Item>(items: readonly Item[]): Packed<Item> {
  if (items.length === 0) return { items: () => [] };
  const text = deflateRawSync(JSON.stringify(items), { level: 1 });
  return { items: () => JSON.parse(inflateRawSync(text).toString()) as readonly Item[] };
}
