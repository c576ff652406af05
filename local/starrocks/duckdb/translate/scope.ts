import { commonSort, type Sort } from "./sorts.ts";

/** Columns in order; one whose type is not known here stands with `undefined`. */
export type Columns = readonly Readonly<{ name: string; sort: Sort | undefined }>[];

/** A relation in FROM; without columns when they are not known here. */
export type Source = Readonly<{ alias: string; columns: Columns | undefined }>;

/** What names mean at a place of a query. */
export type Scope = Readonly<{
  /** Common table expressions in reach. */
  ctes: ReadonlyMap<string, Columns | undefined>;
  sources: readonly Source[];
  outer: Scope | undefined;
}>;

export const emptyScope: Scope = { ctes: new Map(), sources: [], outer: undefined };

/** The scope of statements on one table, such as UPDATE. */
export const scopeOf = (alias: string, columns: Columns): Scope => ({
  ...emptyScope,
  sources: [{ alias, columns }],
});

/** The type of a column, where it is certain. */
export function columnSort(parts: readonly string[], scope: Scope): Sort | undefined {
  const name = parts.at(-1)?.toLowerCase() ?? "";
  const alias = parts.at(-2)?.toLowerCase();
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const sources: readonly Source[] =
      alias === undefined ? at.sources : at.sources.filter((one) => one.alias.toLowerCase() === alias);
    if (sources.some(({ columns }) => columns === undefined)) return undefined;
    const found = sources.flatMap(
      ({ columns }) => columns?.filter((column) => column.name.toLowerCase() === name) ?? [],
    );
    const [first] = found;
    if (first) return found.every(({ sort }) => sort === first.sort) ? first.sort : undefined;
  }
  return undefined;
}

/** Of the two sides of a UNION, by position under the names of the first. */
export function commonColumns(a: Columns | undefined, b: Columns | undefined): Columns | undefined {
  if (!a || !b) return undefined;
  return a.map(({ name, sort }, index) => ({ name, sort: commonSort(sort, b[index]?.sort) }));
}
