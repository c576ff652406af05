/** Months later, on the last day of a month that is too short, as java.time does. */
function addMonths(date: Date, months: number): void {
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
}

const units = {
  SECOND: (date, n) => date.setUTCSeconds(date.getUTCSeconds() + n),
  MINUTE: (date, n) => date.setUTCMinutes(date.getUTCMinutes() + n),
  HOUR: (date, n) => date.setUTCHours(date.getUTCHours() + n),
  DAY: (date, n) => date.setUTCDate(date.getUTCDate() + n),
  WEEK: (date, n) => date.setUTCDate(date.getUTCDate() + 7 * n),
  MONTH: addMonths,
  QUARTER: (date, n) => addMonths(date, 3 * n),
  YEAR: (date, n) => addMonths(date, 12 * n),
} satisfies Readonly<Record<string, (date: Date, n: number) => void>>;

export type CalendarUnit = keyof typeof units;

/** `DAY` for `day`, `DAYS` and `DAY`; undefined for what is no unit. */
export function calendarUnit(text: string): CalendarUnit | undefined {
  const wanted = text.toUpperCase().replace(/S$/, "");
  return (Object.keys(units) as CalendarUnit[]).find((unit) => unit === wanted);
}

/** Some units later (or earlier), in UTC. */
export function later(date: Date, unit: CalendarUnit, n: number): Date {
  const moved = new Date(date);
  units[unit](moved, n);
  return moved;
}
