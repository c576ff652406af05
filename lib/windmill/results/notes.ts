import type { Skipped } from "../../planning/skipped.ts";
import { type Document, list, note, paragraph } from "./document.ts";

/** What the reader should know, and what is left out, each with its reason. */
export function notesAndSkipped(notes: readonly string[], skipped: readonly Skipped[]): Document {
  return [...notes.map((each) => note(`Note: ${each}`)), ...objects("Skipped:", skipped)];
}

/** Which plan this is. Of the hash, enough to compare by eye: what is approved or carried out is this plan and no other. */
export function storedAs(runId: string | undefined, planHash: string, nothingYet: string): Document {
  const plan = `plan ${planHash.slice(0, 12)}`;
  return [paragraph(runId === undefined ? `Not stored; ${plan}.` : `${nothingYet} Run ${runId}, ${plan}.`)];
}

/** Objects with their reasons under a title; nothing when there are none. */
export function objects(title: string, given: readonly Skipped[]): Document {
  if (given.length === 0) return [];
  return [
    note([{ strong: title }]),
    list(given.map((each) => [{ strong: each.object }, `: ${each.reason}`])),
  ];
}
