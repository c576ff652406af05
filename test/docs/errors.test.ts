import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { errorCodes } from "../../lib/error-codes.ts";

const page = await readFile(fileURLToPath(new URL("../../docs/errors.md", import.meta.url)), "utf8");
/** Code and text of each section, in the page's order. */
const sections = page
  .split(/^###? /m)
  .slice(1)
  .map((section) => {
    const [code = "", ...lines] = section.split("\n");
    return { code, text: lines.join("\n").trim() };
  })
  .filter(({ code }) => /^[A-Z_]+$/.test(code));

test("every code has its section, in the order of the codes, and no section has a code that does not exist", () => {
  expect(sections.map(({ code }) => code)).toEqual(errorCodes);
});

test.each(sections)("$code: what happened, and whether running again may help", ({ text }) => {
  expect(text).toMatch(/^[^*]+\\\n\*\*Again:\*\* (yes|no|perhaps)\b/);
});
