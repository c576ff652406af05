import type { Skipped } from "../../planning/skipped.ts";
import { type Document, list, note } from "./document.ts";

/** What the reader should know, and what is left out, each with its reason. */
export function notesAndSkipped(notes: readonly string[], skipped: readonly Skipped[]): Document {
  return [...notes.map((each) => note(`Note: ${each}`)), ...objects("Skipped:", skipped)];
}

/** Objects with their reasons under a title; nothing when there are none. */
export function objects(title: string, given: readonly Skipped[]): Document {
  if (given.length === 0) return [];
  return [
    note([{ strong: title }]),
    list(given.map((each) => [{ strong: each.object }, `: ${each.reason}`])),
  ];
}
