const mostNamed = 10;

/** Names for a sentence, sorted; of many the first ten, and how many more. */
export function named(names: readonly string[]): string {
  const sorted = [...names].sort();
  const more = sorted.length - mostNamed;
  return `${sorted.slice(0, mostNamed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
