import { type Block, type Document, type Line, type Span, spans } from "./document.ts";
import { oneLine } from "./one-line.ts";

/**
 * A document as markdown, for what sends a result on (to a chat, say). Tables become lists: Windmill's own markdown has
 * none.
 */
export function markdown(document: Document): string {
  return document.map(block).join("\n\n");
}

function block(given: Block): string {
  switch (given.kind) {
    case "headline":
      return strong(given.text);
    case "paragraph":
    case "note":
      return atStart(inline(given.line));
    case "list":
      return items([...given.items, ...given.rest]);
    case "table": {
      const rows = given.rows.map(([first = "", ...cells]) => [
        ...spans(first),
        ...cells.flatMap((cell, index) =>
          cell === "" ? [] : [`, ${given.header[index + 1]} `, ...spans(cell)],
        ),
      ]);
      return items([...rows, ...given.rest]);
    }
  }
}

function items(lines: readonly Line[]): string {
  return lines.map((line) => `- ${atStart(inline(line))}`).join("\n");
}

function inline(given: Line): string {
  return spans(given).map(spanned).join("");
}

function spanned(span: Span): string {
  if (typeof span === "string") return escaped(span);
  return "strong" in span ? strong(span.strong) : `[${escaped(span.text)}](<${span.link.href}>)`;
}

/** Asterisks beside a space are no emphasis, but asterisks. */
function strong(text: string): string {
  const inside = escaped(text).trim();
  return inside === "" ? "" : `**${inside}**`;
}

/** Everything that can begin emphasis, code, a link, html, a reference or a cell. */
function escaped(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*[\]<>&!|~$#]/g, "\\$&")
      // Within a word (as in labels) an underscore is no emphasis, and reads better as it is.
      .replace(/(?<![A-Za-z0-9_])_+|_+(?![A-Za-z0-9_])/g, (run) => run.replaceAll("_", "\\_"))
  );
}

/** At the start of a block some more characters mean something: a list, a heading, code. */
function atStart(line: string): string {
  return line
    .trimStart()
    .replace(/^[-+=]/, "\\$&")
    .replace(/^(\d{1,9})([.)])/, "$1\\$2");
}
