/** The items in the order of some of their properties, the first one first; undefined comes before everything. */
export function sortBy<Item, const Key extends keyof Item>(
  items: readonly Item[],
  keys: readonly Key[],
): readonly Item[] {
  return [...items].sort((one, other) => {
    for (const key of keys) {
      const [left, right] = [one[key] ?? "", other[key] ?? ""];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  });
}
