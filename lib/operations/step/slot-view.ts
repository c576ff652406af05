import { isHeld, type Slot } from "../../catalog/slots.ts";
import type { SlotView } from "../../planning/backup/decision.ts";

/** Whose a database's slot is, as a run sees it. */
export function slotView(slot: Slot | undefined, runId: string): SlotView {
  if (slot === undefined || !isHeld(slot)) return { kind: "free" };
  return slot.runId === runId ? { kind: "ours" } : { kind: "other", runId: slot.runId };
}
