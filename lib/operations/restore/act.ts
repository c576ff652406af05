import { slotScope, takeSlot } from "../../catalog/slots.ts";
import type { RestoreAction } from "../../planning/restore/decision.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { alone } from "./alone.ts";
import { assembleTable } from "./assemble.ts";
import { failTables } from "./fail.ts";
import { holdTables } from "./hold.ts";
import type { SeenDatabase } from "./observe.ts";
import { publishTable } from "./publish.ts";
import { type DatabaseStep, ofTable } from "./restore-step.ts";
import { submitRestore } from "./submit.ts";
import { dropTemporary } from "./temporary.ts";

type Act = Exclude<RestoreAction, { readonly kind: "done" | "wait" }>;

/** Carries one decision out. Returns what to wait for when it could not be carried out now. */
export async function actOnRestore(
  step: DatabaseStep,
  { observation, slot }: SeenDatabase,
  action: Act,
): Promise<Wait | undefined> {
  const { catalog, run, database } = step;
  switch (action.kind) {
    case "take-slot":
      if (await takeSlot(catalog, slotScope(database), run.runId, slot)) return undefined;
      return waitFor(`another run is taking the slot of ${database}`);
    case "submit":
      return await submitRestore(step, observation, action);
    case "hold":
      await holdTables(step, action.tables);
      return undefined;
    case "assemble":
      return await alone(ofTable(step, action.table), assembleTable);
    case "publish":
      return await alone(ofTable(step, action.table), publishTable);
    case "sweep":
      for (const table of action.names) await dropTemporary(step, table);
      return undefined;
    case "fail":
      await failTables(step, action.tables, action.error);
      return undefined;
  }
}
