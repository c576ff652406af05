import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { citationsIn, resolves } from "./citations.ts";
import { sectionsOf } from "./sections.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const citing = ["lib", "scripts", "flows", "build", "local", "windmill", "test", "docs"];
const textFiles = new Set([".ts", ".py", ".yaml", ".md"]);

/** Paths of all text files below these folders of the repository. */
function filesBelow(folders: readonly string[]): string[] {
  return readdirSync(repository, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && folders.includes(entry.name))
    .flatMap(({ name }) =>
      readdirSync(join(repository, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && textFiles.has(extname(entry.name)))
        .map((entry) => relative(repository, join(entry.parentPath, entry.name))),
    );
}

function read(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}

/** The page that citations without a name mean: a page of docs means itself, and a stand-in the facts it stands in for. */
function pageOf(path: string): string {
  if (path.startsWith(`docs${sep}`)) return basename(path, ".md");
  return /windmill/.test(path) ? "windmill" : "starrocks";
}

const pages = new Map(
  filesBelow(["docs"]).map((path) => [basename(path, ".md"), sectionsOf(read(path))] as const),
);

/** This folder's tests cite what is not there. */
const citations = filesBelow(citing)
  .filter((path) => !path.startsWith(join("test", "docs")))
  .flatMap((path) => citationsIn(read(path), pageOf(path)).map((citation) => ({ path, ...citation })));

test.each([...pages.keys()])("every section of %s.md that is cited is there", (page) => {
  const cited = citations.filter((citation) => citation.page === page);
  const missing = cited.filter((citation) => !resolves(citation, pages));
  expect(missing.map(({ path, text }) => `${path}: ${text}`)).toEqual([]);
});

test("only pages of docs are cited by section", () => {
  const elsewhere = citations.filter(({ page }) => !pages.has(page));
  expect(elsewhere.map(({ path, page, text }) => `${path}: ${page}.md ${text}`)).toEqual([]);
});

test("starrocks.md is cited", () => {
  expect(citations.filter(({ page }) => page === "starrocks").length).toBeGreaterThan(100);
});

test.each(["starrocks", "windmill"])("%s.md says what it has in a list of contents", (page) => {
  const text = read(join("docs", `${page}.md`));
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect([...text.matchAll(/^- \[(\d+\. .+)\]\(#.+\)$/gm)].map(([, entry]) => entry)).toEqual(headings);
});

describe("a citation", () => {
  const facts = new Map([
    [
      "facts",
      sectionsOf("# Facts\n\n## 1. One\n\n1. first\n2. second\n\n### 1.1 Part\n\n```\n9. code\n```\n"),
    ],
  ]);

  test.each([
    "§1",
    "facts.md §1.1",
    "§1-1.1",
    "§1.2",
    "§1 2",
    "§1 1-2",
    "§1 A 2",
    "other.md and facts.md §1",
    "§1 9.5 of it",
  ])("%s resolves", (text) => {
    const found = citationsIn(text, "facts");
    expect(found.map((citation) => resolves(citation, facts))).toEqual([true]);
  });

  test.each(["§2", "§1.3", "§1.1 9", "§1-3", "§1 3", "§1 A 3", "§1 1-3", "other.md §1"])(
    "%s does not",
    (text) => {
      const found = citationsIn(text, "facts");
      expect(found.map((citation) => resolves(citation, facts))).toEqual([false]);
    },
  );

  test("may name its page in the line of a comment before", () => {
    expect(citationsIn("/**\n * See facts.md\n * §1, §9.\n */\nother §7", "own")).toMatchObject([
      { page: "facts", sections: ["1"] },
      { page: "facts", sections: ["9"] },
      { page: "own", sections: ["7"] },
    ]);
  });
});
