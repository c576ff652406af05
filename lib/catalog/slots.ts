import { StarRocksFault } from "../starrocks/fault.ts";
import { literal, literals } from "../starrocks/quote.ts";
import { count, text } from "../starrocks/row.ts";
import { at, type Catalog } from "./catalog.ts";
import { insertStatement, now } from "./insert.ts";
import { keyHash } from "./key-hash.ts";

/** The newest generation of a scope: who holds, or last held, the slot of a database. */
export interface Slot {
  readonly scope: string;
  readonly generation: number;
  readonly runId: string;
  readonly released: boolean;
  /** Seconds since the holder's last sign of life, by the FE's clock. */
  readonly silentSeconds: number;
}

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
  const rows = await catalog.session.query(
    `SELECT scope, generation, run_id, state,
            unix_timestamp(now()) - unix_timestamp(heartbeat_at) AS silent_seconds
     FROM ${at(catalog, "run_status")}
     WHERE generation IS NOT NULL AND scope IN ${literals(scopes)}
     ORDER BY generation`,
    "read the job slots",
  );
  // Later generations come later and replace earlier ones.
  return new Map(
    rows.map((row) => [
      text(row, "scope"),
      {
        scope: text(row, "scope"),
        generation: count(row, "generation"),
        runId: text(row, "run_id"),
        released: text(row, "state") !== "ACTIVE",
        silentSeconds: count(row, "silent_seconds"),
      },
    ]),
  );
}

/**
 * Takes the slot of a scope for a run, if it is free. StarRocks has no compare-and-set on rows (an UPDATE with a
 * condition is last-writer-wins), but lets exactly one load with a given label through: that is the test-and-set.
 *
 * @param seen the newest generation as just read
 * @returns whether the run holds the slot now
 */
export async function takeSlot(
  catalog: Catalog,
  scope: string,
  runId: string,
  seen: Slot | undefined,
): Promise<boolean> {
  if (seen !== undefined && isHeld(seen)) return seen.runId === runId;
  const generation = (seen?.generation ?? 0) + 1;
  const row = {
    scope,
    label: slotLabel(scope, generation),
    state: "ACTIVE",
    started_at: now,
    generation,
    run_id: runId,
    heartbeat_at: now,
  } as const;
  try {
    await catalog.session.execute(
      insertStatement(catalog, "run_status", [row], slotLabel(scope, generation)),
      `take the job slot of ${scope}`,
    );
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind !== "load-label-taken") throw error;
  }
  const newest = (await readSlots(catalog, [scope])).get(scope);
  return newest !== undefined && isHeld(newest) && newest.runId === runId;
}

export async function releaseSlots(catalog: Catalog, slots: readonly Slot[]): Promise<void> {
  if (slots.length === 0) return;
  const keys = slots.map(
    ({ scope, generation }) =>
      `(scope = ${literal(scope)} AND label = ${literal(slotLabel(scope, generation))})`,
  );
  await catalog.session.execute(
    `UPDATE ${at(catalog, "run_status")} SET state = 'FINISHED', finished_at = now() WHERE ${keys.join(" OR ")}`,
    "release the job slots",
  );
}

/** Frees whatever a run holds. */
export async function releaseRunSlots(catalog: Catalog, runId: string): Promise<void> {
  await catalog.session.execute(
    `UPDATE ${at(catalog, "run_status")} SET state = 'FINISHED', finished_at = now()
     WHERE run_id = ${literal(runId)} AND state = 'ACTIVE'`,
    "release the job slots",
  );
}

function slotLabel(scope: string, generation: number): string {
  return `slot_${scope}_${generation}`;
}
