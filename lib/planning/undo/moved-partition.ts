/** A partition's range or values, by its name. */
type Values = ReadonlyMap<string, string>;

/**
 * Why what replaced partitions held cannot be put back under their names: somebody has dropped or renamed one, and what is
 * called so now may be for other rows.
 *
 * @param names of the partitions that were replaced
 * @param live of the table
 * @param kept of the copy; one of an automatic table that held nothing is not in it
 * @returns a sentence without its end; undefined: all are what they were
 */
export function movedPartition(
  table: string,
  names: readonly string[],
  { live, kept }: { readonly live: Values; readonly kept: Values },
): string | undefined {
  for (const name of names) {
    const [now, then] = [live.get(name), kept.get(name)];
    if (now === undefined) return `partition ${name} of ${table} was dropped or renamed since`;
    if (then !== undefined && then !== now)
      return `partition ${name} of ${table} holds ${now} now, and held ${then} when it was replaced`;
  }
  return undefined;
}
