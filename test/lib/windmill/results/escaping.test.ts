import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Document,
  headline,
  list,
  note,
  paragraph,
  table,
} from "../../../../lib/windmill/results/document.ts";
import { html } from "../../../../lib/windmill/results/html.ts";
import { markdown } from "../../../../lib/windmill/results/markdown.ts";

/** The name in every place a document has for one. */
function document(name: string): Document {
  return [
    headline(`Restore of ${name}`),
    headline(name),
    paragraph(name),
    paragraph([name, { strong: name }, " ", name]),
    note(`Note: ${name}`),
    list([name, [{ strong: name }, `: ${name}`]], [name]),
    table([name, "b"], [[name, name]], [name]),
  ];
}

const wicked = [
  "[ok](javascript:alert(1))",
  "![x](http://example.com/x.png)",
  "<img src=x onerror=alert(1)>",
  "<a href='x'>",
  "</td></tr></table><h1>Approved",
  "<http://example.com>",
  "# x",
  "x\n# y",
  "x\r\n\r\n# y",
  "x\u2028- y",
  "- x",
  "+ x",
  "1. x",
  "12) x",
  "    x",
  "\tx",
  "---",
  "===",
  "x\n===",
  "***",
  "_x_",
  "__x__",
  "a _b_ c",
  "*x*",
  "~~x~~",
  "`x`",
  "```\nx",
  "a|b\n-|-\nc|d",
  "[x]: http://example.com",
  "[x][y]",
  "&lt;b&gt;",
  "&#35; x",
  "\\",
  "x\\",
  "> x",
  "\u202egnp.x",
  "\u0000\u001b[31mx",
  "\ud800",
  '"onmouseover="alert(1)',
  "",
];

const names = fc.oneof(
  fc.constantFrom(...wicked),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(..."\\`*_[]()<>&!|~#-+=.1 \n\ta:/"), maxLength: 12 }),
);

const steering = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

describe("a name in html", () => {
  const tags = (text: string) => text.match(/[<>"]/g) ?? [];

  test("makes no tag and no attribute, whatever it is", () => {
    const plain = tags(html(document("orders")));
    fc.assert(
      fc.property(names, (name) => {
        expect(tags(html(document(name)))).toEqual(plain);
      }),
    );
  });

  test("shows every character", () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(html(document(name)).replaceAll("\n", "")).not.toMatch(steering);
      }),
    );
    expect(html([paragraph("a<b> & 'c' \"d\"")])).toContain("a&lt;b&gt; &amp; &#39;c&#39; &quot;d&quot;");
    expect(html([paragraph("a\r\nb\u202ec")])).toContain("a ⏎ b\\u{202e}c");
  });
});

describe("a name in markdown", () => {
  /** What a reader of markdown takes for more than text: by its rules, not by ours. */
  function structure(text: string) {
    const unescaped = text.replace(/\\[!-/:-@[-`{-~]/g, "·").split("\n");
    return unescaped.map((line) => ({
      empty: line === "",
      item: /^ {0,3}(?:[-+*]|\d{1,9}[.)])(?:\s|$)/.test(line),
      within: /^- {1,4}(?:[-+*]|\d{1,9}[.)])(?:\s|$)/.test(line),
      heading: /^(?:- )? {0,3}(?:#{1,6}(?:\s|$)|=+\s*$|-+\s*$)/.test(line),
      code: /^(?:- )?(?: {4}|\t)/.test(line) || /`/.test(line),
      other: (line.match(/[[\]<>&!|~#]/g) ?? []).length,
      // Within a word an underscore is text (CommonMark 0.31, 6.2).
      underscores: (line.match(/(?<![A-Za-z0-9_])_+|_+(?![A-Za-z0-9_])/g) ?? []).length,
      asterisks: (line.match(/\*/g) ?? []).length,
    }));
  }

  test("makes no heading, list, link, code, html or emphasis, whatever it is", () => {
    const plain = structure(markdown(document("orders")));
    fc.assert(
      fc.property(
        // Of nothing but space no emphasis is made, so there is less than for a plain name.
        names.filter((name) => /\S/.test(name)),
        (name) => {
          expect(structure(markdown(document(name)))).toEqual(plain);
        },
      ),
    );
  });

  test("stays readable where it is harmless", () => {
    const label = "sales_db_20261123_140421_full";
    expect(
      markdown([headline(`Backup of ${label} finished`), list([[{ strong: label }, ": 3 partitions"]])]),
    ).toBe(`**Backup of ${label} finished**\n\n- **${label}**: 3 partitions`);
    expect(markdown([table(["table", "rows"], [["a|b", "1"]])])).toBe("- a\\|b, rows 1");
  });
});

test("a long list or table says how much of it is left out", () => {
  const many = Array.from({ length: 1500 }, (_, index) => `t${index}`);
  const shown = html([
    list(many),
    table(
      ["table"],
      many.map((name) => [name]),
      ["3 tables unchanged"],
    ),
  ]);
  expect(shown.match(/<li>/g)).toHaveLength(201);
  expect(shown.match(/<tr>/g)).toHaveLength(1 + 200 + 2);
  expect(shown.match(/… and 1,300 more/g)).toHaveLength(2);
  expect(shown).toContain("3 tables unchanged");
});
