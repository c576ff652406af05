import type { Skipped } from "../../planning/skipped.ts";

/** Markdown lines for what the reader should know and for what is left out, each with its reason. */
export function notesAndSkipped(notes: readonly string[], skipped: readonly Skipped[]): readonly string[] {
  return [
    ...notes.map((note) => `Note: ${note}`),
    ...skipped.map((each) => `Skipped: ${each.object} (${each.reason})`),
  ];
}
