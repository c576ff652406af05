import { expect } from "vitest";
import { type CatalogRows, type ManifestRow, readDetails, resolve } from "./catalog.ts";
import type { History, Model, RestorePoint } from "./model.ts";
import type { Seen, SeenTable } from "./observe.ts";

/** One backup run, as the test saw it. */
export interface SeenRun {
  /** Label of the restore point: the last part's. */
  readonly label: string;
  /** All labels of the run. */
  readonly labels: readonly string[];
  readonly nothingToDo: boolean;
  /** The group when the run was planned, and after each change that came in between. */
  readonly instants: readonly Seen[];
  readonly planned: Seen;
  readonly disturbed: boolean;
  readonly maxPartitionsPerJob: number;
}

/** The manifests of a run name what was changed since its baseline: all of that, and nothing else. */
export function expectExactlyTheChanges(model: Model, rows: CatalogRows, seen: SeenRun): void {
  const first = seen.labels.map((label) => rows.history.get(label)).find((row) => row?.part === 1);
  const baseline = model.points.find((point) => point.label === first?.baseline);
  // What a plan listed and what was then copied need not be the same when something came in between.
  if (seen.disturbed || baseline?.disturbed === true) return;
  let changes = 0;
  for (const [table, now] of seen.planned) {
    const expected = expectedChange(model, table, now, baseline);
    const found = seen.labels.flatMap((label) => rows.manifests.get(label)?.get(table) ?? []);
    const copied = found.flatMap((row) => [...row.held]);
    expect(copied.toSorted(), `partitions of ${table} copied by ${seen.label}`).toEqual(
      expected.copied.toSorted(),
    );
    if (!expected.whole) {
      const dropped = found.flatMap((row) => [...row.dropped]);
      expect(dropped.toSorted(), `partitions of ${table} dropped before ${seen.label}`).toEqual(
        expected.dropped.toSorted(),
      );
    }
    changes += expected.whole ? 1 : expected.copied.length + expected.dropped.length;
  }
  expect(seen.nothingToDo, `${seen.label} had nothing to do`).toBe(changes === 0);
}

function expectedChange(
  model: Model,
  table: string,
  now: SeenTable,
  baseline: RestorePoint | undefined,
): { readonly whole: boolean; readonly copied: readonly string[]; readonly dropped: readonly string[] } {
  const before = baseline?.planned.get(table);
  const names = [...now.partitions.keys()];
  // Whether its schema was changed since then cannot be known of a table that the newest restore point lacks.
  const isKnown = model.points.at(-1)?.state.has(table) === true;
  const sameShape =
    isKnown &&
    baseline?.schemaChanges.get(table) === model.schemaChanges.get(table) &&
    before?.columns === now.columns &&
    before.comment === now.comment &&
    baseline?.tables.get(table)?.shape === model.tables.get(table)?.shape;
  if (before === undefined || !sameShape) return { whole: true, copied: names, dropped: [] };
  const copied = names.filter(
    (name) => before.partitions.get(name)?.version !== now.partitions.get(name)?.version,
  );
  const dropped = [...before.partitions.keys()].filter((name) => !now.partitions.has(name));
  return { whole: copied.length > 0 && copied.length === names.length, copied, dropped };
}

/** No job copies more partitions than it may, but for one automatic table, which cannot be split. */
export function expectSmallJobs(rows: CatalogRows, seen: SeenRun): void {
  // A partition that was added meanwhile comes along with its table.
  if (seen.disturbed) return;
  for (const label of seen.labels) {
    const tables = [...(rows.manifests.get(label)?.values() ?? [])].filter((row) => row.held.size > 0);
    const copied = tables.reduce((sum, row) => sum + row.held.size, 0);
    if (tables.length > 1)
      expect(copied, `partitions in ${label}`).toBeLessThanOrEqual(seen.maxPartitionsPerJob);
  }
}

/** What is in the repository under a label is what the manifest says, no more and no less, but for what it names as left out. */
export async function expectManifestsToBeTrue(
  history: History,
  rows: CatalogRows,
  seen: SeenRun,
): Promise<void> {
  for (const label of seen.labels) {
    const timestamp = rows.history.get(label)?.timestamp;
    const manifest = rows.manifests.get(label) ?? new Map<string, ManifestRow>();
    const copied = [...manifest].filter(([, row]) => row.content !== "unchanged");
    if (timestamp === undefined) {
      expect(
        copied.flatMap(([, row]) => [...row.held]),
        `${label} has no snapshot`,
      ).toEqual([]);
      continue;
    }
    const details = await readDetails(history.cluster.client, label, timestamp);
    const leftOut = rows.history.get(label)?.leftOut ?? "";
    const stored = [...details]
      .filter(([table]) => manifest.has(table) || !leftOut.includes(`${history.database}.${table}"`))
      .map(([table, partitions]) => [table, [...partitions].toSorted()]);
    const claimed = copied
      .filter(([, row]) => row.held.size > 0 || row.content === "whole")
      .map(([table, row]) => [table, [...row.held].toSorted()]);
    expect(claimed.toSorted(), `the manifest of ${label} against the repository`).toEqual(stored.toSorted());
  }
}

/**
 * The state a restore of the run would give, put together from what each snapshot of the chain held when its versions
 * were fixed. Every partition must be in it as it was at some instant of the run: for a run that nothing disturbed, as it
 * was.
 */
export function expectedState(model: Model, rows: CatalogRows, seen: SeenRun): Seen {
  const state = new Map<string, SeenTable>();
  for (const [table, holders] of resolve(rows, seen.label)) {
    const tables = seen.instants.map((instant) => instant.get(table));
    const partitions = new Map(
      [...holders].map(([partition, holder]) => [partition, held(model, table, partition, holder)]),
    );
    for (const [partition, { content }] of partitions) {
      const contents = tables.map((each) => each?.partitions.get(partition)?.content);
      expect(contents, `content of ${table}.${partition} at ${seen.label}`).toContain(content);
    }
    for (const partition of tables[0]?.partitions.keys() ?? []) {
      const always = tables.every((each) => each?.partitions.has(partition) === true);
      if (always)
        expect([...partitions.keys()], `partitions of ${table} at ${seen.label}`).toContain(partition);
    }
    const schemas = new Set(
      [...holders.values()].map((holder) => model.snapshots.get(holder)?.get(table)?.columns),
    );
    expect(schemas.size, `schemas of ${table} in the chain of ${seen.label}`).toBeLessThanOrEqual(1);
    const [columns = tables[0]?.columns ?? ""] = schemas;
    state.set(table, { columns, comment: tables[0]?.comment ?? "", partitions });
  }
  expectNoTableMissing(state, seen);
  return state;
}

function held(model: Model, table: string, partition: string, holder: string) {
  const found = model.snapshots.get(holder)?.get(table)?.partitions.get(partition);
  if (found === undefined)
    throw new Error(`${table}.${partition} cannot be in ${holder}: it was not there at its cut`);
  return found;
}

/** Only a table that was not there all the time, or whose schema changed, may be left out. */
function expectNoTableMissing(state: Seen, seen: SeenRun): void {
  for (const [table, { columns }] of seen.planned) {
    const steady = seen.instants.every((instant) => instant.get(table)?.columns === columns);
    if (steady) expect([...state.keys()], `tables at ${seen.label}`).toContain(table);
  }
  for (const table of state.keys()) expect([...seen.planned.keys()]).toContain(table);
}
