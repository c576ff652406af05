/** The beginning of a text, of so many UTF-16 units at most; never half a character. */
export function beginningOf(text: string, units: number): string {
  const cut = text.slice(0, units);
  return /[\uD800-\uDBFF]$/.test(cut) && cut.length < text.length ? cut.slice(0, -1) : cut;
}
