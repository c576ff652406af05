import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { CATALOG_PAGE_FILE, catalogPage } from "../../build/catalog-page.ts";

test("the committed page of the catalog is the one made from the declarations", async () => {
  const committed = fileURLToPath(new URL(`../../${CATALOG_PAGE_FILE}`, import.meta.url));
  expect(await readFile(committed, "utf8")).toBe(catalogPage());
});

test("each column of the page is one row with four cells", () => {
  const lines = catalogPage()
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line.split(/(?<!\\)\|/)).toHaveLength(6);
});
