/** Some properties of an object. Types let an object pass that has more than they say. */
export function only<From extends object, const Name extends keyof From>(
  object: From,
  names: readonly Name[],
): Pick<From, Name> {
  const wanted = new Set<PropertyKey>(names);
  return Object.fromEntries(Object.entries(object).filter(([each]) => wanted.has(each))) as Pick<From, Name>;
}
