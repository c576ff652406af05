import { expect, test } from "vitest";
import { literal, name, properties } from "../../../lib/starrocks/quote.ts";

test("names and values cannot leave their quotes", () => {
  expect(name("a`b.c")).toBe("`a``b.c`");
  expect(literal("a'b\\c")).toBe("'a\\'b\\\\c'");
  expect(properties({ k: 'a"b\\' })).toBe('PROPERTIES ("k" = "a\\"b\\\\")');
});
