import { type Block, type Document, type Line, type Span, spans } from "./document.ts";
import { oneLine } from "./one-line.ts";

/**
 * A document as html. Windmill shows it after DOMPurify, which keeps `style`, and under a style sheet that takes the
 * margins, bullets and borders from everything; its colours are the reader's own, light or dark.
 */
export function html(document: Document): string {
  return `<div style="${styles.document}">${document.map(block).join("\n")}</div>`;
}

const line = "1px solid rgba(128,128,128,.35)";

const styles = {
  document: "font-size:14px;line-height:1.5;overflow-wrap:anywhere",
  headline: "font-size:16px;font-weight:600;margin:0 0 8px",
  paragraph: "margin:8px 0",
  note: "margin:8px 0;padding:4px 10px;border-left:4px solid #d97706",
  list: "margin:8px 0;padding-left:20px;list-style:disc",
  // On a narrow screen a wide table is scrolled, not the page.
  frame: "margin:12px 0;overflow-x:auto;overflow-wrap:normal",
  link: "text-decoration:underline",
  table: "border-collapse:collapse",
  head: `padding:4px 12px 4px 0;text-align:left;font-weight:600;white-space:nowrap;border-bottom:${line}`,
  cell: `padding:4px 12px 4px 0;text-align:left;vertical-align:top;border-bottom:${line}`,
} as const;

function block(given: Block): string {
  switch (given.kind) {
    case "headline":
      return `<h3 style="${styles.headline}">${escaped(given.text)}</h3>`;
    case "paragraph":
      return `<p style="${styles.paragraph}">${inline(given.line)}</p>`;
    case "note":
      return `<p style="${styles.note}">${inline(given.line)}</p>`;
    case "list": {
      const items = [...given.items, ...given.rest].map((item) => `<li>${inline(item)}</li>`);
      return `<ul style="${styles.list}">${items.join("")}</ul>`;
    }
    case "table": {
      const head = given.header.map((name) => `<th style="${styles.head}">${escaped(name)}</th>`).join("");
      const rows = given.rows.map((row) =>
        row.map((cell) => `<td style="${styles.cell}">${inline(cell)}</td>`),
      );
      const rest = given.rest.map(
        (text) => `<td style="${styles.cell}" colspan="${given.header.length}">${escaped(text)}</td>`,
      );
      const body = [...rows.map((cells) => cells.join("")), ...rest]
        .map((cells) => `<tr>${cells}</tr>`)
        .join("");
      return `<div style="${styles.frame}"><table style="${styles.table}"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
    }
  }
}

function inline(given: Line): string {
  return spans(given).map(spanned).join("");
}

function spanned(span: Span): string {
  if (typeof span === "string") return escaped(span);
  if ("strong" in span) return `<strong>${escaped(span.strong)}</strong>`;
  return `<a style="${styles.link}" href="${escaped(span.link.href)}">${escaped(span.text)}</a>`;
}

const references: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

function escaped(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (character) => references.get(character) ?? character);
}
