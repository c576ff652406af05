import { commonErrorAnalyzed } from "../basics/errors.ts";
import { type CalendarUnit, calendarUnit, later } from "./calendar.ts";

/** An amount of a calendar unit, as in `7 DAY`. */
export type Ttl = Readonly<{ amount: number; unit: CalendarUnit }>;

/** The `ttl` property of BACKUP since 4.2: a period, or empty to keep the snapshot forever (§5). */
export function parseTtl(text: string): Ttl | undefined {
  if (text.trim() === "") return undefined;
  const [, sign = "", digits = "", name = ""] = /^\s*(-?)(\d+)\s+([a-z]+)\s*$/i.exec(text) ?? [];
  const unit = calendarUnit(name);
  if (!unit || unit === "QUARTER")
    throw commonErrorAnalyzed(
      `Invalid ttl: '${text}'. Expected a duration such as '7 DAY' or '12 HOUR', or an empty value to keep the snapshot forever`,
    );
  if (sign !== "" || Number(digits) === 0)
    throw commonErrorAnalyzed(`ttl must be a positive duration, but got: ${text}`);
  return { amount: Number(digits), unit };
}

/** Calendar arithmetic in the FE's zone, which is UTC here (§5). */
export const expiry = ({ amount, unit }: Ttl, finishTime: number): number =>
  later(new Date(finishTime), unit, amount).getTime();
