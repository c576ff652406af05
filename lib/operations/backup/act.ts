import { recordCut, updateBackup } from "../../catalog/history.ts";
import { readManifestTables } from "../../catalog/manifest.ts";
import { releaseSlots, slotScope, takeSlot } from "../../catalog/slots.ts";
import { secondsBetween, secondsLater } from "../../instants.ts";
import type { BackupAction } from "../../planning/backup/decision.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { alignManifest, alignTables } from "./align.ts";
import { type Acted, type BackupStep, lookAgain, type Seen } from "./observe.ts";
import { retryBackup } from "./retry.ts";
import { submitBackup } from "./submit.ts";

type Act = Exclude<BackupAction, { readonly kind: "done" | "wait" | "look-up" | "abandon" }>;

/** Carries one decision out and records it. */
export async function actOnBackup(step: BackupStep, before: Seen, action: Act): Promise<Acted> {
  const { seen, record } = before;
  switch (action.kind) {
    case "take-slot":
      return await take(step, before);
    case "submit":
      return await submitBackup(step, seen, record);
    case "retry":
      await retryBackup(step, record);
      break;
    case "record-cut":
      return await cut(step, before, action.at);
    case "finish": {
      const wait = await finish(step, before, action.timestamp);
      if (wait !== undefined) return { wait, seen };
      break;
    }
    case "fail":
      await updateBackup(step.catalog, record.label, { status: "FAILED", error: action.error });
      await release(step, before);
      step.progress.say(`${record.label}: FAILED: ${action.error}`);
      break;
  }
  return { wait: undefined, seen: await lookAgain(step) };
}

async function take({ catalog }: BackupStep, { seen, record, slot }: Seen): Promise<Acted> {
  const scope = slotScope(record.database);
  const taken = await takeSlot(catalog, scope, record.runId, slot);
  if (taken !== undefined)
    return { wait: undefined, seen: { ...seen, slots: new Map([...seen.slots, [scope, taken]]) } };
  return { wait: waitFor(`${record.label}: another run is taking the slot of ${record.database}`), seen };
}

async function cut(step: BackupStep, { seen, record, job }: Seen, fixed: string | undefined): Promise<Acted> {
  const { catalog, progress } = step;
  const { label } = record;
  const { at, seenSoon } = cutOf(fixed, catalog.clock());
  const { submitted } = seen;
  const tables = submitted?.label === label ? submitted.tables : await readManifestTables(catalog, [label]);
  const leftOut = await alignTables(catalog, record, tables, seenSoon);
  const mark = job?.label === label && job.phase === "running" ? job.mark : undefined;
  await recordCut(catalog, label, at, mark);
  progress.say(`${label}: its versions are fixed; later changes belong to the next backup`);
  if (leftOut) return { wait: undefined, seen: await lookAgain(step) };
  const marked = mark === undefined ? {} : { progressMark: mark, stillSeconds: 0 };
  const records = seen.records.map((each) =>
    each.label === label ? { ...each, cutTo: at, ...marked } : each,
  );
  return { wait: undefined, seen: { ...seen, records } };
}

/** @returns what to wait for when the snapshot's contents cannot be read now */
async function finish(
  step: BackupStep,
  before: Seen,
  timestamp: string | undefined,
): Promise<Wait | undefined> {
  const { catalog, progress } = step;
  const { record } = before;
  const misaligned = timestamp === undefined ? undefined : await alignManifest(catalog, record, timestamp);
  if (misaligned !== undefined) return misaligned;
  await updateBackup(catalog, record.label, {
    status: "FINISHED",
    snapshotTimestamp: timestamp,
    // A snapshot of nothing is the state that was listed.
    cutTo: timestamp === undefined ? record.cutFrom : record.cutTo,
  });
  await release(step, before);
  progress.say(`${record.label}: FINISHED`);
  return undefined;
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

/** Gives the slot of a database back while the run goes on; what it holds at its end goes then. */
async function release({ catalog }: BackupStep, { seen, record, slot }: Seen): Promise<void> {
  const isLast = seen.records.every(
    ({ label, status }) => label === record.label || (status !== "PLANNED" && status !== "SUBMITTED"),
  );
  if (isLast || slot === undefined || slot.released || slot.runId !== record.runId) return;
  await releaseSlots(catalog, [slot]);
}
