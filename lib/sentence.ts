/** A text with exactly one full stop at its end: what StarRocks says comes with one, or without. */
export function sentence(text: string): string {
  return `${withoutStop(text)}.`;
}

/** The same text, for use within a sentence. */
export function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, "");
}
