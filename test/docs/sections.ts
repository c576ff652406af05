/** What can be cited of a page: its numbered headings, and the numbered items below each. */
export type Sections = ReadonlyMap<string, ReadonlySet<number>>;

/** Reads headings such as `## 9. Versions` and `### 9.6 The fingerprint`; code blocks are passed over. */
export function sectionsOf(page: string): Sections {
  const sections = new Map<string, Set<number>>();
  let items = new Set<number>();
  for (const line of page.replace(/^ *```.*?^ *```$/gms, "").split("\n")) {
    const heading = /^##+ (?:(\d+(?:\.\d+)*)\.? )?/.exec(line);
    const item = /^ *(\d+)\. /.exec(line);
    if (heading) items = new Set();
    if (heading?.[1] !== undefined) sections.set(heading[1], items);
    if (item) items.add(Number(item[1]));
  }
  return sections;
}

/** Whether a heading has this number, or else the item of its last part: `19.6` may be item 6 of section 19. */
export function hasSection(sections: Sections, number: string): boolean {
  const [, parent = "", item = ""] = /^(.*)\.(\d+)$/.exec(number) ?? [];
  return sections.has(number) || sections.get(parent)?.has(Number(item)) === true;
}
