/**
 * A text as one line in which everything can be seen: a line end would start a new block in a log or in markdown, and
 * a character that only steers (one that turns the direction of writing, say) shows a name that is not there.
 */
export function oneLine(text: string): string {
  return text
    .replace(/\s*(?:\r\n|[\n\v\f\r\u0085\u2028\u2029])\s*/g, " ⏎ ")
    .replace(/\t/g, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
