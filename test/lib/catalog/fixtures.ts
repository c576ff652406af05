import type { Catalog } from "../../../lib/catalog/catalog.ts";
import type { Row } from "../../../lib/starrocks/session.ts";

/** A catalog whose every query gives the same rows; nothing else can be done with it. */
export function catalogOf(rows: readonly Row[]): Catalog {
  const refused = () => Promise.reject(new Error("This catalog has rows to read, and no more"));
  return {
    database: "ops",
    session: {
      frontends: undefined,
      query: () => Promise.resolve(rows),
      each: refused,
      execute: refused,
      another: refused,
      close: refused,
    },
  };
}
