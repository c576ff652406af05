import type { ColumnDefinition } from "../../starrocks/observe/tables.ts";

type Column = Pick<ColumnDefinition, "column" | "type" | "nullable" | "defaultValue">;

/**
 * Why rows of a restored table cannot be put into partitions of the live one: named differences; empty when they can.
 * Columns that only the live table has get their defaults.
 *
 * @param restored columns that an INSERT may name
 */
export function columnDifferences(restored: readonly Column[], live: readonly Column[]): readonly string[] {
  const now = new Map(live.map((each) => [each.column, each]));
  const then = new Set(restored.map((each) => each.column));
  return [
    ...restored.flatMap(({ column, type }) => {
      const found = now.get(column);
      if (found === undefined) return [`column ${column} is gone`];
      return found.type === type ? [] : [`column ${column} is now ${found.type} and was ${type}`];
    }),
    ...live
      .filter((each) => !then.has(each.column) && each.nullable !== "YES" && each.defaultValue === undefined)
      .map((each) => `column ${each.column} is new and takes neither NULL nor a default`),
  ];
}
