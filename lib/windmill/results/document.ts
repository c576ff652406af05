/**
 * What a person reads of a result: blocks of plain text, without markup. Any text may come from a table's name, a label,
 * an error or a row of the catalog; making it harmless is the renderers' work alone.
 */
export type Document = readonly Block[];

export type Block =
  | { readonly kind: "headline"; readonly text: string }
  | { readonly kind: "paragraph"; readonly line: Line }
  | { readonly kind: "note"; readonly line: Line }
  | ({ readonly kind: "list"; readonly items: readonly Line[] } & Shortened)
  | ({
      readonly kind: "table";
      readonly header: readonly string[];
      readonly rows: readonly (readonly Line[])[];
    } & Shortened);

/** What a list or table leaves out, said in its last lines. */
interface Shortened {
  readonly rest: readonly string[];
}

export type Line = string | readonly Span[];
export type Span = string | { readonly strong: string } | Link;

/** An address made here, never one that was read. */
export interface Link {
  readonly link: URL;
  readonly text: string;
}

/** Longest list or table; the whole is in the keys beside, and in the catalog. */
const longest = 200;

export function headline(text: string): Block {
  return { kind: "headline", text };
}

export function paragraph(line: Line): Block {
  return { kind: "paragraph", line };
}

/** Something the reader must not miss. */
export function note(line: Line): Block {
  return { kind: "note", line };
}

/** @param rest what else the list stands for, in words */
export function list(items: readonly Line[], rest: readonly string[] = []): Block {
  return { kind: "list", items: items.slice(0, longest), rest: [...leftOut(items), ...rest] };
}

/** @param rest what else the table stands for, in words */
export function table(
  header: readonly string[],
  rows: readonly (readonly Line[])[],
  rest: readonly string[] = [],
): Block {
  return { kind: "table", header, rows: rows.slice(0, longest), rest: [...leftOut(rows), ...rest] };
}

function leftOut(rows: readonly unknown[]): readonly string[] {
  return rows.length > longest ? [`… and ${(rows.length - longest).toLocaleString("en-US")} more`] : [];
}

export function spans(line: Line): readonly Span[] {
  return typeof line === "string" ? [line] : line;
}
