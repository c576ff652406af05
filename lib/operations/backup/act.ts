import type { Catalog } from "../../catalog/catalog.ts";
import { type BackupRecord, recordCut, updateBackup } from "../../catalog/history.ts";
import { releaseSlots, type Slot, slotScope, takeSlot } from "../../catalog/slots.ts";
import type { BackupAction } from "../../planning/backup/decision.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { readClock } from "../../starrocks/observe/clock.ts";
import type { Progress } from "../progress.ts";
import { retryBackup } from "./retry.ts";
import { settleManifest, settleTables } from "./settle.ts";
import { submitBackup } from "./submit.ts";

type Act = Exclude<BackupAction, { readonly kind: "done" | "wait" | "look-up" | "give-up" }>;

/**
 * Carries one decision out and records it.
 *
 * @returns what to wait for when it could not be carried out now
 */
export async function actOnBackup(
  catalog: Catalog,
  record: BackupRecord,
  slot: Slot | undefined,
  action: Act,
  progress: Progress,
): Promise<Wait | undefined> {
  switch (action.kind) {
    case "take-slot":
      if (await takeSlot(catalog, slotScope(record.database), record.runId, slot)) return undefined;
      return waitFor(`${record.label}: another run is taking the slot of ${record.database}`);
    case "submit":
      return await submitBackup(catalog, record, progress);
    case "retry":
      await retryBackup(catalog, record, progress);
      return undefined;
    case "record-cut":
      await settleTables(catalog, record);
      await recordCut(catalog, record.label, (await readClock(catalog.session)).now);
      progress.say(`${record.label}: its versions are fixed; later changes belong to the next backup`);
      return undefined;
    case "finish": {
      const unsettled =
        action.timestamp === undefined ? undefined : await settleManifest(catalog, record, action.timestamp);
      if (unsettled !== undefined) return unsettled;
      await updateBackup(catalog, record.label, {
        status: "FINISHED",
        snapshotTimestamp: action.timestamp,
        // A snapshot of nothing is the state that was listed.
        cutTo: action.timestamp === undefined ? record.cutFrom : record.cutTo,
      });
      await release(catalog, slot, record.runId);
      progress.say(`${record.label}: FINISHED`);
      return undefined;
    }
    case "fail":
      await updateBackup(catalog, record.label, { status: "FAILED", error: action.error });
      await release(catalog, slot, record.runId);
      progress.say(`${record.label}: FAILED: ${action.error}`);
      return undefined;
  }
}

async function release(catalog: Catalog, slot: Slot | undefined, runId: string): Promise<void> {
  if (slot !== undefined && !slot.released && slot.runId === runId) await releaseSlots(catalog, [slot]);
}
