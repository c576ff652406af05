import { StoryFailed, type Terminal } from "./terminal.ts";

/**
 * Shows the html of a result on a terminal, as a browser would: its headings, paragraphs, lists and tables. It reads what
 * the scripts send, so it fails on a tag that it does not know rather than hide it.
 */
export function showHtml(terminal: Terminal, html: string): void {
  const other = html
    .replace(blocks, "")
    .replace(/<\/?div\b[^>]*>/g, "")
    .trim();
  if (other !== "") throw new StoryFailed(`no terminal shows this: ${other}`);
  for (const block of html.matchAll(blocks)) {
    const [, tag = "", inside = ""] = block;
    if (tag === "table") terminal.table(records(inside));
    else if (tag === "ul") for (const item of elements(inside, "li")) terminal.say(`- ${plain(item)}`);
    else terminal.say(plain(inside));
  }
}

const blocks = /<(h3|p|ul|table)\b[^>]*>(.*?)<\/\1>/gs;

function records(table: string): readonly Readonly<Record<string, string>>[] {
  const [head = "", ...rows] = elements(table, "tr");
  const names = elements(head, "th").map(plain);
  return rows.map((row) => {
    const cells = elements(row, "td").map(plain);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  });
}

function elements(html: string, tag: string): readonly string[] {
  return [...html.matchAll(new RegExp(`<${tag}\\b[^>]*>(.*?)</${tag}>`, "gs"))].map(
    ([, inside = ""]) => inside,
  );
}

const references: ReadonlyMap<string, string> = new Map([
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&#39;", "'"],
  ["&amp;", "&"],
]);

function plain(html: string): string {
  const text = html.replace(/<\/?strong>/g, "");
  if (/[<>]/.test(text)) throw new StoryFailed(`no terminal shows this: ${html}`);
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (reference) => references.get(reference) ?? reference);
}
