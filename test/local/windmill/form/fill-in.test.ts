import { describe, expect, test } from "vitest";

import { fillIn } from "../../../../local/windmill/form/fill-in.ts";
import type { FormField, FormSchema } from "../../../../windmill/form-schema.ts";
import type { JsonObject } from "../../../../windmill/json.ts";

function form(field: FormField, required = false): FormSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    order: ["field"],
    required: required ? ["field"] : [],
    properties: { field },
  };
}

const choice: FormField = { type: "string", enum: ["a", "b"], disableCreate: true };

describe("an untouched field", () => {
  test.each<[string, FormField, boolean, JsonObject]>([
    ["of text sends an empty text", { type: "string" }, false, { field: "" }],
    ["of one choice that is optional sends nothing", choice, false, {}],
    ["of one choice that is required sends the first", choice, true, { field: "a" }],
    ["of a number sends nothing", { type: "integer", min: 1 }, false, {}],
    ["of a slider sends 0", { type: "integer", min: 0, max: 8 }, false, { field: 0 }],
    ["with yes and no sends no", { type: "boolean" }, false, { field: false }],
    ["of a list sends an empty list", { type: "array", items: { type: "string" } }, true, { field: [] }],
    ["of a moment sends nothing", { type: "string", format: "date-time" }, false, {}],
    ["of a resource sends nothing", { type: "object", format: "resource-db" }, false, {}],
    ["of JSON sends nothing", { type: "object" }, true, {}],
    [
      "of an object sends what its own form opens with",
      { type: "object", properties: { a: { type: "string" }, b: choice, c: choice }, required: ["c"] },
      false,
      { field: { a: "", c: "a" } },
    ],
    ["with a default sends the default", { type: "integer", min: 1, default: 30 }, false, { field: 30 }],
    ["with an empty default sends it", { type: "string", default: "" }, false, { field: "" }],
  ])("%s", (_, field, required, args) => {
    expect(fillIn(form(field, required), {})).toEqual({ kind: "ready", args });
  });
});

const word: FormField = { type: "string", pattern: "^$|(?:^[a-z]+$)", customErrorMessage: "Write a word." };

/** Each pair differs in one respect only: as it is, the form can be run; broken, it cannot. */
describe("Run is greyed out by", () => {
  test.each<[string, FormSchema, FormSchema, JsonObject, string]>([
    ["a required text left empty", form({ type: "string" }), form({ type: "string" }, true), {}, "Required"],
    [
      "a required resource nobody chose",
      form({ type: "object", format: "resource-db" }),
      form({ type: "object", format: "resource-db" }, true),
      {},
      "Required",
    ],
    [
      "a required number left empty",
      form({ type: "number" }),
      form({ type: "number" }, true),
      {},
      "Required",
    ],
    [
      "a list that must not be empty",
      form({ type: "array", items: { type: "string" } }, true),
      form({ type: "array", items: { type: "string" }, nonEmpty: true }, true),
      {},
      "Required",
    ],
    [
      "no list where one is expected",
      form({ type: "object" }),
      form({ type: "array", items: { type: "string" } }),
      { field: "a" },
      "Expected an array, got string instead",
    ],
    [
      "a pattern that an untouched field does not match",
      form(word),
      form({ ...word, pattern: "^[a-z]+$" }),
      {},
      "Write a word.",
    ],
    [
      "a pattern without words of its own",
      form(word),
      form({ type: "string", pattern: "^[a-z]+$" }),
      {},
      "Should match ^[a-z]+$",
    ],
    ["a pattern that does not compile", form(word), form({ ...word, pattern: "(" }), {}, "Write a word."],
    [
      "a pattern on an untouched choice, which is tested as the text undefined",
      form(choice),
      form({ ...choice, pattern: "^[ab]$" }),
      {},
      "Should match ^[ab]$",
    ],
    [
      "a slider that starts below its range",
      form({ type: "integer", min: 1 }),
      form({ type: "integer", min: 1, max: 10 }),
      {},
      "Should be greater than or equal to 1",
    ],
    [
      "a number below the least",
      form({ type: "integer", min: 2 }),
      form({ type: "integer", min: 3 }),
      { field: 2 },
      "Should be greater than or equal to 3",
    ],
    [
      "a number above the most",
      form({ type: "integer", max: 2 }),
      form({ type: "integer", max: 1 }),
      { field: 2 },
      "Should be less than or equal to 1",
    ],
    [
      "a default that breaks a rule",
      form({ type: "integer", min: 1, default: 1 }),
      form({ type: "integer", min: 1, default: 0 }),
      {},
      "Should be greater than or equal to 1",
    ],
  ])("%s", (...[, whole, broken, filled, message]) => {
    expect(fillIn(whole, filled).kind).toBe("ready");
    expect(fillIn(broken, filled)).toEqual({ kind: "disabled", faults: [{ field: "field", message }] });
  });

  test("nothing in a reference, which is resolved when the job runs", () => {
    expect(fillIn(form(word, true), { field: "$var:f/ops/word" }).kind).toBe("ready");
  });

  test("nothing inside an object: the outer form does not ask its inner one", () => {
    const inner: FormField = { type: "object", properties: { a: { ...word, pattern: "^a$" } } };
    expect(fillIn(form(inner), {}).kind).toBe("ready");
  });
});

describe("nobody can", () => {
  test.each<[string, FormField, JsonObject, RegExp]>([
    ["fill in a field that is not there", { type: "string" }, { other: 1 }, /no field other/],
    ["pick what is not offered", choice, { field: "c" }, /does not offer "c"/],
  ])("%s", (_, field, filled, message) => {
    expect(() => fillIn(form(field), filled)).toThrow(message);
  });

  test.each<[string, FormField]>([
    ["a key", { type: "string", nullable: true }],
    ["a format", { type: "string", format: "email" }],
  ])("be told what the form does with %s it does not model", (_, field) => {
    expect(() => fillIn(form(field), {})).toThrow(/does not know/);
  });
});
