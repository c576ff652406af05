import { sortBy } from "../sort-by.ts";
import { at, type Catalog } from "./catalog.ts";
import { keyHash } from "./key-hash.ts";
import { now } from "./sql/column.ts";
import { matching, notNull, secondsSince } from "./sql/condition.ts";
import { insertOnce } from "./sql/insert-once.ts";
import { select } from "./sql/read.ts";
import { column, type RowOf } from "./sql/table.ts";
import { insertStatement, updateStatement } from "./sql/write.ts";
import { runStatus } from "./tables/run-status.ts";

/** The newest generation of a scope: who holds, or last held, the slot of a database. */
export type Slot = RowOf<typeof runStatus, "scope" | "generation" | "runId"> & {
  readonly released: boolean;
  /** Seconds since the holder's last sign of life, by the FE's clock. */
  readonly silentSeconds: number;
};

/** A holder that has been silent for longer than this has lost the slot. Steps beat at least every minute. */
export const slotExpirySeconds = 600;

/**
 * The name of a database's slot: readable, of the characters a load label may have, and short enough for the
 * catalog's key however long the database's name is.
 */
export function slotScope(database: string): string {
  const plain = database.replace(/[^A-Za-z0-9_]/g, "_");
  return plain === database && plain.length <= 40
    ? plain
    : `${plain.slice(0, 31)}_${keyHash(database).slice(0, 8)}`;
}

export function isHeld(slot: Slot): boolean {
  return !slot.released && slot.silentSeconds < slotExpirySeconds;
}

/** The newest generation of each scope. */
export async function readSlots(
  catalog: Catalog,
  scopes: readonly string[],
): Promise<ReadonlyMap<string, Slot>> {
  if (scopes.length === 0) return new Map();
  const where = matching(runStatus, { generation: notNull, scope: scopes });
  return slotsOf(await select(catalog, slotsQuery(where), "read the job slots"));
}

/** What is asked for of the rows of slots. */
export function slotsQuery(where: string) {
  const computed = { silentSeconds: secondsSince(column(runStatus, "heartbeatAt")) };
  return { from: runStatus, fields: slotFields, computed, where } as const;
}

const slotFields = ["scope", "generation", "runId", "state"] as const;

/** A condition on the newest generation of every scope there is: a row for each database that was ever backed up. */
export function newestSlots(catalog: Catalog): string {
  const [scope, generation] = [column(runStatus, "scope"), column(runStatus, "generation")];
  const label = column(runStatus, "label");
  const newest = `SELECT max_by(${label}, ${generation}) FROM ${at(catalog, runStatus)} WHERE ${generation} IS NOT NULL GROUP BY ${scope}`;
  return `${label} IN (${newest})`;
}

/** The newest generation of each scope among what {@link slotsQuery} gave. */
export function slotsOf(
  rows: readonly (RowOf<typeof runStatus, (typeof slotFields)[number]> & Pick<Slot, "silentSeconds">)[],
): ReadonlyMap<string, Slot> {
  // Later generations come later and replace earlier ones.
  return new Map(
    sortBy(rows, ["generation"]).map(({ state, ...slot }) => [
      slot.scope,
      { ...slot, released: state !== "ACTIVE" },
    ]),
  );
}

/**
 * Takes the slot of a scope for a run, if it is free. StarRocks has no compare-and-set on rows (an UPDATE with a
 * condition is last-writer-wins), but lets exactly one load with a given label through: that is the test-and-set.
 *
 * @param seen the newest generation as just read
 * @returns the slot, where the run holds it now
 */
export async function takeSlot(
  catalog: Catalog,
  scope: string,
  runId: string,
  seen: Slot | undefined,
): Promise<Slot | undefined> {
  if (seen !== undefined && isHeld(seen)) return seen.runId === runId ? seen : undefined;
  const generation = (seen?.generation ?? 0) + 1;
  const label = slotLabel(scope, generation);
  const row = { scope, label, state: "ACTIVE", startedAt: now, generation, runId, heartbeatAt: now } as const;
  await insertOnce(
    catalog,
    insertStatement(catalog, runStatus, [row], label),
    `take the job slot of ${scope}`,
  );
  const newest = (await readSlots(catalog, [scope])).get(scope);
  return newest !== undefined && isHeld(newest) && newest.runId === runId ? newest : undefined;
}

export async function releaseSlots(catalog: Catalog, slots: readonly Slot[]): Promise<void> {
  if (slots.length === 0) return;
  await catalog.session.execute(
    updateStatement(catalog, runStatus, released, rowsOf(slots)),
    "release the job slots",
  );
}

/** Frees whatever a run holds. */
export async function releaseRunSlots(catalog: Catalog, runId: string): Promise<void> {
  await catalog.session.execute(
    updateStatement(catalog, runStatus, released, { runId, state: "ACTIVE" }),
    "release the job slots",
  );
}

const released = { state: "FINISHED", finishedAt: now } as const;

/** A label names scope and generation, so the two lists say the same; the scopes are the beginning of the key. */
function rowsOf(slots: readonly Slot[]) {
  return {
    scope: slots.map((slot) => slot.scope),
    label: slots.map((slot) => slotLabel(slot.scope, slot.generation)),
  };
}

function slotLabel(scope: string, generation: number): string {
  return `slot_${scope}_${generation}`;
}
