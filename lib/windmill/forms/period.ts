import { textField } from "./text-field.ts";

/** A number of hours or days: `12h`, `7d`. */
export const period = () =>
  textField(/[1-9]\d{0,3}[hd]/, "write a number of hours or days, such as 12h or 7d");

const secondsOf: ReadonlyMap<string, number> = new Map([
  ["h", 3600],
  ["d", 86400],
]);

/** `7d` as seconds. */
export function periodSeconds(given: string): number {
  return Number(given.slice(0, -1)) * (secondsOf.get(given.slice(-1)) ?? 0);
}
