import { commonErrorAnalyzed } from "../basics/errors.ts";

/** An amount of a calendar unit, as in `7 DAY`. */
export type Ttl = Readonly<{ amount: number; unit: string }>;

const add: Readonly<Record<string, (time: Date, amount: number) => void>> = {
  SECOND: (time, amount) => time.setUTCSeconds(time.getUTCSeconds() + amount),
  MINUTE: (time, amount) => time.setUTCMinutes(time.getUTCMinutes() + amount),
  HOUR: (time, amount) => time.setUTCHours(time.getUTCHours() + amount),
  DAY: (time, amount) => time.setUTCDate(time.getUTCDate() + amount),
  WEEK: (time, amount) => time.setUTCDate(time.getUTCDate() + 7 * amount),
  MONTH: (time, amount) => time.setUTCMonth(time.getUTCMonth() + amount),
  YEAR: (time, amount) => time.setUTCFullYear(time.getUTCFullYear() + amount),
};

/** The `ttl` property of BACKUP since 4.2: a period, or empty to keep the snapshot forever (§5). */
export function parseTtl(text: string): Ttl | undefined {
  if (text.trim() === "") return undefined;
  const [, sign = "", digits = "", unit = ""] = /^\s*(-?)(\d+)\s+([a-z]+?)s?\s*$/i.exec(text) ?? [];
  if (!(unit.toUpperCase() in add))
    throw commonErrorAnalyzed(
      `Invalid ttl: '${text}'. Expected a duration such as '7 DAY' or '12 HOUR', or an empty value to keep the snapshot forever`,
    );
  if (sign !== "" || Number(digits) === 0)
    throw commonErrorAnalyzed(`ttl must be a positive duration, but got: ${text}`);
  return { amount: Number(digits), unit: unit.toUpperCase() };
}

/** Calendar arithmetic in the FE's zone, which is UTC here (§5). */
export function expiry({ amount, unit }: Ttl, finishTime: number): number {
  const time = new Date(finishTime);
  add[unit]?.(time, amount);
  return time.getTime();
}

/** The instant a period before another one. */
export function earlier({ amount, unit }: Ttl, instant: number): number {
  return expiry({ amount: -amount, unit }, instant);
}
