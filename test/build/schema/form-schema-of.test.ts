import { describe, expect, test } from "vitest";
import * as z from "zod";
import { formSchemaOf } from "../../../build/schema/form-schema-of.ts";

function field(type: z.ZodType) {
  return formSchemaOf(z.object({ field: type })).properties["field"];
}

describe("a form field", () => {
  test.each([
    ["text", z.string().min(1).max(9), { type: "string" }],
    [
      "text with a pattern",
      z.string().regex(/^a|b/).meta({ customErrorMessage: "Begin with a." }),
      { type: "string", pattern: "^a|b", customErrorMessage: "Begin with a." },
    ],
    [
      "text with a pattern that may be left empty",
      z.string().regex(/^a|b/).meta({ customErrorMessage: "Begin with a." }).optional(),
      { type: "string", pattern: "^$|(?:^a|b)", customErrorMessage: "Begin with a." },
    ],
    ["a moment", z.iso.datetime(), { type: "string", format: "date-time" }],
    ["a choice", z.enum(["a", "b"]), { type: "string", enum: ["a", "b"], disableCreate: true }],
    ["a constant", z.literal("a"), { type: "string", enum: ["a"], disableCreate: true }],
    ["a whole number", z.number().int(), { type: "integer" }],
    [
      "a range, which would be a slider that starts at 0",
      z.number().int().min(1).max(8),
      { type: "integer", min: 1 },
    ],
    ["a number with an end", z.number().max(8), { type: "number", max: 8 }],
    [
      "a number that may come as text",
      z.preprocess((value) => value, z.number().int().min(1)).default(30),
      { type: "integer", min: 1, default: 30 },
    ],
    ["a positive number", z.number().int().positive(), { type: "integer", min: 1 }],
    ["a switch", z.boolean().default(true), { type: "boolean", default: true }],
    ["a list", z.array(z.string()).min(1), { type: "array", items: { type: "string" }, nonEmpty: true }],
    [
      "choices",
      z.array(z.enum(["a"])),
      { type: "array", items: { type: "string", enum: ["a"] }, multiselect: true },
    ],
    [
      "a list whose entries are checked at run time only",
      z.array(z.string().regex(/^\p{L}/u)),
      { type: "array", items: { type: "string" } },
    ],
    ["something nullable", z.string().nullable(), { type: "string" }],
    ["a nullable choice", z.enum(["a"]).nullable(), { type: "string", enum: ["a"], disableCreate: true }],
    ["anything", z.unknown(), { type: "object" }],
    ["a map", z.record(z.string(), z.number()), { type: "object" }],
    [
      "an object",
      z.object({ a: z.string(), b: z.number().optional() }),
      {
        type: "object",
        order: ["a", "b"],
        required: ["a"],
        properties: { a: { type: "string" }, b: { type: "number" } },
      },
    ],
    [
      "text with form keys",
      z.string().meta({ title: "T", password: true, minRows: 4 }),
      {
        type: "string",
        title: "T",
        password: true,
        minRows: 4,
      },
    ],
  ])("for %s", (_, type, expected) => {
    expect(field(type)).toEqual(expected);
  });

  test.each([
    ["a misspelt form key", z.string().meta({ pasword: true }), /input\.field.*no key pasword/],
    ["a pattern that nobody explains", z.string().regex(/^a/), /input\.field.*customErrorMessage/],
    [
      "a pattern inside an object that nobody explains",
      z.object({ a: z.string().regex(/^a/) }),
      /input\.field\.a.*customErrorMessage/,
    ],
    ["a pattern on what is no text", z.boolean().meta({ pattern: "a" }), /input\.field.*only text/],
    [
      "a pattern with flags",
      z.string().regex(/^a/i).meta({ customErrorMessage: "A." }).optional(),
      /input\.field.*no flags/,
    ],
    [
      "a default that its pattern refuses",
      z.string().regex(/^a/).meta({ customErrorMessage: "A." }).default("b"),
      /input\.field.*default "b"/,
    ],
    ["a default below the least", z.number().min(2).default(1), /input\.field.*default 1/],
    ["a default above the most", z.number().max(2).default(3), /input\.field.*default 3/],
    ["either of two types", z.union([z.string(), z.number()]), /input\.field.*no Windmill form field/],
    ["a name that is no identifier", z.object({ "a-b": z.string() }), /input\.field\.a-b/],
  ])("cannot be made for %s", (_, type, message) => {
    expect(() => field(type)).toThrow(message);
  });
});

test("a form asks for what has no default, in the order of the fields", () => {
  const schema = formSchemaOf(
    z.object({ b: z.string(), a: z.string().default("x"), c: z.string().optional(), d: z.number() }),
  );
  expect(schema).toMatchObject({ order: ["b", "a", "c", "d"], required: ["b", "d"] });
});
