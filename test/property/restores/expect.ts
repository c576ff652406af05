import { expect } from "vitest";
import type { RestorePoint } from "../model.ts";
import type { Seen, SeenTable } from "../observe.ts";
import { isAutomatic } from "../shapes.ts";

/** A table at a restore point, or some of its partitions. */
interface Source {
  readonly point: RestorePoint;
  readonly name: string;
  readonly only: readonly string[] | undefined;
}

/** A restored table is what it was, or of the chosen partitions what they were. */
export function expectTable({ point, name, only }: Source, found: SeenTable | undefined): void {
  const expected = tableIn(point.state, name);
  expect(found?.columns, `columns of ${name} restored to ${point.label}`).toBe(expected?.columns);
  if (!point.disturbed)
    expect(found?.comment, `comment of ${name} restored to ${point.label}`).toBe(expected?.comment);
  const shape = point.tables.get(name)?.shape;
  // A schedule makes those of the days to come again, which may not have been chosen.
  const emptyMatter =
    shape !== undefined &&
    !isAutomatic(shape) &&
    (only === undefined || shape.partitioning !== "dynamic range");
  const wanted = only && new Set(only);
  expect(contents(found, emptyMatter), `partitions of ${name} restored to ${point.label}`).toEqual(
    contents(expected, emptyMatter, wanted),
  );
}

/** The chosen partitions of a live table are what they were, the others and the table are what they are. */
export function expectPartitions(
  { point, name, only = [], isSame }: Source & { readonly isSame: boolean },
  before: SeenTable | undefined,
  after: SeenTable | undefined,
): void {
  expect(after?.columns, `columns of ${name}`).toBe(before?.columns);
  expect(after?.comment, `comment of ${name}`).toBe(before?.comment);
  const wanted = new Set(only);
  const others = (table: SeenTable | undefined) =>
    new Map([...(table?.partitions ?? [])].filter(([partition]) => !wanted.has(partition)));
  expect(others(after), `other partitions of ${name}`).toEqual(others(before));
  // Rows of an older definition get values for the columns that came since.
  if (!isSame) return;
  expect(contents(after, true, wanted), `partitions of ${name} restored to ${point.label}`).toEqual(
    contents(point.state.get(name), true, wanted),
  );
}

/** A table, whose one partition may have the table's name: that of an unpartitioned one. */
export function tableIn(seen: Seen, name: string): SeenTable | undefined {
  const table = seen.get(name);
  const only = table?.partitions.get(name);
  return table === undefined || only === undefined ? table : { ...table, partitions: new Map([["", only]]) };
}

/** Rows by partition. An automatic table may lack empty partitions: a load makes them when it needs them. */
export function contents(
  table: SeenTable | undefined,
  emptyMatter: boolean,
  only?: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...(table?.partitions ?? [])]
      .filter(([name]) => only?.has(name) !== false)
      .map(([name, { content }]): [string, string] => [name, content])
      .filter(([, content]) => emptyMatter || content !== ""),
  );
}

export function expectOthersUntouched(before: Seen, after: Seen, touched: readonly string[]): void {
  const others = (seen: Seen) => new Map([...seen].filter(([table]) => !touched.includes(table)));
  expect(others(after), "tables that were not restored").toEqual(others(before));
}
