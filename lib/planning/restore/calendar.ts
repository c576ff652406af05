/** An amount of a calendar unit. */
export interface Period {
  readonly amount: number;
  /** `second` to `year`. */
  readonly unit: string;
}

/** Periods as StarRocks reads them in `partition_ttl`: `7 days`, `1 year 2 months`. What it cannot read is none. */
export function periods(text: string): readonly Period[] {
  const words = [...text.matchAll(/(\d+)\s+(second|minute|hour|day|week|month|year)s?\b/gi)];
  return words.map(([, amount, unit]) => ({ amount: Number(amount), unit: (unit ?? "").toLowerCase() }));
}

/** An instant or day, some periods later, in the form in which it came. */
export function addPeriods(instant: string, added: readonly Period[]): string {
  const time = new Date(`${instant.replace(" ", "T")}${instant.length > 10 ? "" : "T00:00:00"}Z`);
  for (const { amount, unit } of added) add(time, amount, unit);
  const text = time.toISOString().slice(0, 19).replace("T", " ");
  return instant.length > 10 ? text : text.slice(0, 10);
}

function add(time: Date, amount: number, unit: string): void {
  switch (unit) {
    case "year":
      time.setUTCFullYear(time.getUTCFullYear() + amount);
      return;
    case "month":
      time.setUTCMonth(time.getUTCMonth() + amount);
      return;
    default:
      time.setTime(time.getTime() + amount * (unitMs[unit] ?? 0));
  }
}

const unitMs: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/**
 * What clocks in a zone show at an instant.
 *
 * @param instant `yyyy-MM-dd HH:mm:ss`, UTC
 * @param zone `Asia/Shanghai`, `+08:00`; `CST` is UTC+8 to StarRocks
 */
export function wallClock(instant: string, zone: string): string {
  const utc = new Date(`${instant.replace(" ", "T")}Z`);
  const offset = /^([+-])(\d{1,2}):(\d{2})$/.exec(zone);
  if (offset !== null) {
    const minutes = (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === "-" ? -1 : 1);
    return new Date(utc.getTime() + minutes * 60_000).toISOString().slice(0, 19).replace("T", " ");
  }
  const timeZone = zone.toUpperCase() === "CST" ? "Asia/Shanghai" : zone;
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  return format.format(utc);
}
