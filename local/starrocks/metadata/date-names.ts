import { dateText } from "./ranges.ts";

/** How many digits of a partition's start make its name. */
const digits = { MINUTE: 12, HOUR: 10, DAY: 8, MONTH: 6, YEAR: 4 } as const;

/** Weeks are counted as a calendar of the US does, but for the last days of a year. */
function weekName(date: Date): string {
  const newYear = new Date(Date.UTC(date.getUTCFullYear(), 0, 1));
  const days = Math.floor((date.getTime() - newYear.getTime()) / 86_400_000);
  const week = Math.min(53, Math.floor((days + newYear.getUTCDay()) / 7) + 1);
  return `${date.getUTCFullYear()}_${String(week).padStart(2, "0")}`;
}

/** What the FE calls a partition of dates by its start, without a prefix: `202501`, `2025_06`. */
export function dateName(start: Date, unit: keyof typeof digits | "WEEK"): string {
  if (unit === "WEEK") return weekName(start);
  return dateText(start, "DATETIME").replaceAll(/\D/g, "").slice(0, digits[unit]);
}
