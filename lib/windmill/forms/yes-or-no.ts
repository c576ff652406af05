import * as z from "zod";

/**
 * A choice whose default depends on other fields. Windmill's switch cannot be left untouched, so it is a list of words; the
 * API may send booleans.
 */
export const yesOrNo = z.preprocess(
  (value) => (typeof value === "boolean" ? (value ? "yes" : "no") : value),
  z.enum(["yes", "no"], "choose yes or no"),
);
