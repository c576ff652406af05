import * as z from "zod";

/**
 * A whole number within bounds. Numbers in a resource or in a call of Windmill's API are often text: `"9030"`, `" 30 "`;
 * they are taken, any other text is refused.
 */
export function numberField(min: number, max: number) {
  const advice = `write a whole number from ${min} to ${max}`;
  return z.preprocess(numberInText, z.number(advice).int(advice).min(min, advice).max(max, advice));
}

function numberInText(value: unknown): unknown {
  return typeof value === "string" && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
}
