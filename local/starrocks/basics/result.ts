/** Column types on the wire (starrocks.md §15); every SHOW column is VAR_STRING. */
export const wireTypes = {
  TINY: 0x01,
  SHORT: 0x02,
  LONG: 0x03,
  FLOAT: 0x04,
  DOUBLE: 0x05,
  NULL: 0x06,
  LONGLONG: 0x08,
  DATE: 0x0a,
  DATETIME: 0x0c,
  NEWDECIMAL: 0xf6,
  BLOB: 0xfc,
  VAR_STRING: 0xfd,
  STRING: 0xfe,
} as const;

export type WireType = keyof typeof wireTypes;

export type ResultColumn = Readonly<{ name: string; type: WireType; decimals?: number }>;

/** A cell of the text protocol: what the client reads, or SQL NULL. */
export type Cell = string | Uint8Array | null;

export type ResultRows = Readonly<{
  kind: "rows";
  columns: readonly ResultColumn[];
  /** Rows arrive in batches so that a million of them never stand in memory at once. */
  batches: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>;
}>;

export type ResultOk = Readonly<{ kind: "ok"; affectedRows: number; info?: string; warnings?: number }>;

export type Result = ResultRows | ResultOk;

export const ok = (affectedRows = 0, info?: string): ResultOk =>
  info === undefined ? { kind: "ok", affectedRows } : { kind: "ok", affectedRows, info };

/** A SHOW result: all columns VAR_STRING. */
export function textRows(names: readonly string[], rows: readonly (readonly Cell[])[]): ResultRows {
  return { kind: "rows", columns: names.map((name) => ({ name, type: "VAR_STRING" })), batches: [rows] };
}

/** A SHOW result whose columns are declared: a row names its cells, and the compiler misses those it lacks. */
export function listing<const Name extends string>(
  names: readonly Name[],
  rows: readonly Readonly<Record<NoInfer<Name>, Cell>>[],
): ResultRows {
  return textRows(
    names,
    rows.map((row) => names.map((name) => row[name])),
  );
}
