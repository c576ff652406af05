import fc from "fast-check";
import type { Change } from "./changes/change.ts";
import { loads } from "./changes/loads.ts";
import { partitionChanges } from "./changes/partitions.ts";
import { tableChanges } from "./changes/tables.ts";
import { type History, type Model, pick } from "./model.ts";
import { partitionVersions } from "./observe.ts";

export interface ChosenChange {
  readonly change: Change;
  readonly table: number;
  readonly numbers: readonly number[];
}

const all: readonly Change[] = [...loads, ...partitionChanges, ...tableChanges];

export const chosenChange: fc.Arbitrary<ChosenChange> = fc.record({
  change: fc.constantFrom(...all),
  table: fc.nat(20),
  numbers: fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)),
});

export function describeChange({ change, table, numbers }: ChosenChange): string {
  return `${change.name}(${[table, ...numbers].join(", ")})`;
}

/** Runs a change on the table it chooses, and looks which partitions there are then. */
export async function runChange(history: History, model: Model, chosen: ChosenChange): Promise<boolean> {
  const entry = pick([...model.tables], chosen.table);
  if (entry === undefined) return false;
  const [name, table] = entry;
  const done = await chosen.change.run({ history, model, name, table, numbers: chosen.numbers });
  await refresh(history, model);
  return done;
}

/** Loads make partitions of automatic tables: their names come from the cluster. */
export async function refresh(history: History, model: Model): Promise<void> {
  const versions = await partitionVersions(history.cluster.client, history.database);
  for (const [name, table] of model.tables) {
    const partitions = new Map(
      [...(versions.get(name) ?? [])].map(([partition, { key }]) => [partition, key] as const),
    );
    model.tables.set(name, { ...table, partitions });
  }
}
