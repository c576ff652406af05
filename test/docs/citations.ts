import { hasSection, type Sections } from "./sections.ts";

export interface Citation {
  /** Name of the page without `.md`. */
  readonly page: string;
  readonly sections: readonly string[];
  /** Numbered items of the (only) section: `§1.4 3-5` has 3 and 5. */
  readonly items: readonly number[];
  /** As it stands in the text. */
  readonly text: string;
}

const number = String.raw`\d+(?:\.\d+)*`;
const pattern = new RegExp(
  String.raw`\b([\w-]+)\.md\b|§(${number})(?:-§?(${number}))?(?: [A-Z](?= \d))?(?: (\d+)(?:-(\d+))?(?!\w|\.\d))?`,
  "g",
);

/**
 * Finds `starrocks.md §9.6`, `§9.4-9.5`, `§1.4 3-5` and `§6.4 A 5`. A citation that names no page means the page named
 * before it in the same line or comment, and else `ownPage`.
 */
export function citationsIn(text: string, ownPage: string): Citation[] {
  const found: Citation[] = [];
  for (const line of text.replace(/\n\s*(?:\*|\/\/|#)[ \t]+/g, " ").split("\n")) {
    let page = ownPage;
    for (const [whole, named, first, last, item, lastItem] of line.matchAll(pattern)) {
      if (named !== undefined) page = named;
      else
        found.push({
          page,
          sections: [first, last].filter((one) => one !== undefined),
          items: [item, lastItem].filter((one) => one !== undefined).map(Number),
          text: whole,
        });
    }
  }
  return found;
}

/** Whether all that is cited is there. */
export function resolves(citation: Citation, pages: ReadonlyMap<string, Sections>): boolean {
  const sections = pages.get(citation.page);
  if (sections === undefined) return false;
  const [only = ""] = citation.sections;
  return (
    citation.sections.every((section) => hasSection(sections, section)) &&
    citation.items.every((item) => sections.get(only)?.has(item) === true)
  );
}
