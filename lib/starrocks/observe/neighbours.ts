/** Collects rows that come ordered by table, and hands over those of one table at a time. */
export interface Neighbours<Item> {
  add(item: Item): void;
  /** Hands over the last table. */
  end(): void;
}

export function neighbours<Item extends { readonly database: string; readonly table: string }>(
  onTable: (items: readonly Item[]) => void,
): Neighbours<Item> {
  let items: Item[] = [];
  const end = () => {
    if (items.length > 0) onTable(items);
    items = [];
  };
  return {
    add(item) {
      const [first] = items;
      if (first !== undefined && (first.table !== item.table || first.database !== item.database)) end();
      items.push(item);
    },
    end,
  };
}
