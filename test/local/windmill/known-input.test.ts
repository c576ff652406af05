import { expect, test } from "vitest";
import { fieldsOf, refuseUnknownInput } from "../../../local/windmill/known-input.ts";

const known = ["tables", "target_time", "group"];

test("fields of the form are taken", () => {
  refuseUnknownInput({ tables: [], group: "g" }, known);
});

test.each([
  [{ table: ["shop.t"] }, "There is no input table (did you mean tables?)."],
  [{ targettime: "x" }, "There is no input targettime (did you mean target_time?)."],
  [{ colour: "red" }, "There is no input colour."],
])("%j is refused", (input, said) => {
  expect(() => refuseUnknownInput(input, known)).toThrow(`${said} There are: tables, target_time, group.`);
});

test("a form's fields are the properties of its schema", () => {
  expect(fieldsOf({ properties: { a: {}, b: {} } })).toEqual(["a", "b"]);
  expect(fieldsOf(undefined)).toBeUndefined();
  refuseUnknownInput({ anything: 1 }, undefined);
});
