import type { Catalog } from "../../catalog/catalog.ts";
import { type BackupRecord, recordCut, updateBackup } from "../../catalog/history.ts";
import { releaseSlots, type Slot, slotScope, takeSlot } from "../../catalog/slots.ts";
import { secondsBetween, secondsLater } from "../../instants.ts";
import type { BackupAction } from "../../planning/backup/decision.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { readClock } from "../../starrocks/observe/clock.ts";
import { alignManifest, alignTables } from "./align.ts";
import type { BackupStep } from "./observe.ts";
import { retryBackup } from "./retry.ts";
import { submitBackup } from "./submit.ts";

type Act = Exclude<BackupAction, { readonly kind: "done" | "wait" | "look-up" | "abandon" }>;

/**
 * Carries one decision out and records it.
 *
 * @returns what to wait for when it could not be carried out now
 */
export async function actOnBackup(
  step: BackupStep,
  { record, slot }: { readonly record: BackupRecord; readonly slot: Slot | undefined },
  action: Act,
): Promise<Wait | undefined> {
  const { catalog, progress } = step;
  switch (action.kind) {
    case "take-slot":
      if (await takeSlot(catalog, slotScope(record.database), record.runId, slot)) return undefined;
      return waitFor(`${record.label}: another run is taking the slot of ${record.database}`);
    case "submit":
      return await submitBackup(step, record);
    case "retry":
      await retryBackup(step, record);
      return undefined;
    case "record-cut": {
      const cut = cutOf(action.at, (await readClock(catalog.session)).now);
      await alignTables(catalog, record, cut.seenSoon);
      await recordCut(catalog, record.label, cut.at);
      progress.say(`${record.label}: its versions are fixed; later changes belong to the next backup`);
      return undefined;
    }
    case "finish": {
      const misaligned =
        action.timestamp === undefined ? undefined : await alignManifest(catalog, record, action.timestamp);
      if (misaligned !== undefined) return misaligned;
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

/** What is seen of a table so soon after the cut says what it was at the cut. */
const soonSeconds = 600;

/** @param fixed when the versions were fixed at the latest, if StarRocks still says so */
function cutOf(fixed: string | undefined, now: string): { readonly at: string; readonly seenSoon: boolean } {
  const seconds = fixed === undefined ? Number.POSITIVE_INFINITY : secondsBetween(fixed, now);
  if (fixed === undefined || seconds < 1) return { at: now, seenSoon: fixed !== undefined };
  // StarRocks shows whole seconds.
  return { at: secondsLater(fixed, 1), seenSoon: seconds <= soonSeconds };
}

async function release(catalog: Catalog, slot: Slot | undefined, runId: string): Promise<void> {
  if (slot !== undefined && !slot.released && slot.runId === runId) await releaseSlots(catalog, [slot]);
}
