import { slotScope, takeSlot } from "../../catalog/slots.ts";
import type { RestoreAction } from "../../planning/restore/decision.ts";
import type { PlannedRestore } from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { alone } from "./alone.ts";
import { assembleTable } from "./assemble.ts";
import { failTables } from "./fail.ts";
import { holdTables } from "./hold.ts";
import { observeAgain, observeTables, ofTable, type SeenDatabase, slotOf, withRecord } from "./observe.ts";
import { publishTable } from "./publish.ts";
import type { Acted, DatabaseStep, TableStep } from "./restore-step.ts";
import { submitRestore } from "./submit.ts";
import { sweepTables } from "./sweep.ts";

type Act = Exclude<RestoreAction, { readonly kind: "done" | "wait" | "give-up" }>;

/** What an act has led to. */
interface ActedDatabase {
  /** What to wait for when it could not be carried out now. */
  readonly wait: Wait | undefined;
  /** What was seen, looked at again as far as the act may have changed it. */
  readonly seen: SeenDatabase;
}

/** Carries one decision out. */
export async function actOnRestore(
  step: DatabaseStep,
  seen: SeenDatabase,
  action: Act,
): Promise<ActedDatabase> {
  switch (action.kind) {
    case "take-slot":
      return await take(step, seen);
    case "submit":
      return await submitRestore(step, seen, action);
    case "hold":
      await holdTables(step, seen.view.restores, action.tables);
      return { wait: undefined, seen: await observeAgain(step, seen) };
    case "assemble":
      return await onTable(step, seen, action.table, assembleTable);
    case "publish":
      return await onTable(step, seen, action.table, publishTable);
    case "sweep": {
      const left = new Set((await sweepTables(step, seen, action.names)).map(({ table }) => table));
      const again = await observeTables(step, seen);
      return { wait: undefined, seen: left.size === 0 ? again : without(again, left) };
    }
    case "fail":
      await failTables(step, action.tables, action.error);
      return { wait: undefined, seen: await observeAgain(step, seen) };
  }
}

/** What cannot be dropped would come up again and again. */
function without(seen: SeenDatabase, left: ReadonlySet<string>): SeenDatabase {
  const present = new Set([...seen.tables.present].filter((each) => !left.has(each)));
  return { ...seen, tables: { ...seen.tables, present } };
}

async function take({ catalog, run, database }: DatabaseStep, seen: SeenDatabase): Promise<ActedDatabase> {
  const scope = slotScope(database);
  const taken = await takeSlot(catalog, scope, run.runId, slotOf(database, seen.view));
  if (taken === undefined) return { wait: waitFor(`another run is taking the slot of ${database}`), seen };
  const slots = new Map([...seen.view.slots, [scope, taken]]);
  return { wait: undefined, seen: { ...seen, view: { ...seen.view, slots } } };
}

async function onTable(
  step: DatabaseStep,
  seen: SeenDatabase,
  planned: PlannedRestore,
  work: (step: TableStep) => Promise<Acted>,
): Promise<ActedDatabase> {
  const acted = await alone(ofTable(step, planned, seen), work);
  if (acted.kind === "wait") return { wait: acted, seen };
  if (acted.kind === "recorded") return { wait: undefined, seen: withRecord(seen, acted) };
  return { wait: undefined, seen: await observeAgain(step, seen) };
}
