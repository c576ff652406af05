import prettyBytes from "pretty-bytes";

/** `1 partition`, `12 partitions`. */
export function counted(count: number, thing: string): string {
  return `${count.toLocaleString("en-US")} ${thing}${count === 1 ? "" : "s"}`;
}

export function size(bytes: number): string {
  return prettyBytes(bytes);
}

/** A table for Windmill's result view; a first row of names fixes the order of the columns. */
export function table(header: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]) {
  return { "table-row-object": [header, ...rows] };
}

/** Longest table in a rendered result; Windmill shows larger results as raw JSON. */
const longestTable = 200;

/** The first rows, and how many more there are. */
export function shortened<Row>(rows: readonly Row[]): {
  readonly shown: readonly Row[];
  readonly more: number;
} {
  return { shown: rows.slice(0, longestTable), more: Math.max(0, rows.length - longestTable) };
}
