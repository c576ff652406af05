const fixed = /^([+-])(\d{1,2}):(\d{2})$/;

/** `+08:00`, `UTC`, `Asia/Shanghai`, `CST` (which StarRocks reads as UTC+8); undefined if unknown. */
export function normaliseZone(name: string): string | undefined {
  const offset = fixed.exec(name);
  if (offset) {
    const [, sign = "+", hours = "0", minutes = "00"] = offset;
    return Number(hours) > 14 ? undefined : `${sign}${hours.padStart(2, "0")}:${minutes}`;
  }
  if (name.toUpperCase() === "CST") return "Asia/Shanghai";
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetMs(zone: string, instant: number): number {
  const offset = fixed.exec(zone);
  if (offset) {
    const [, sign = "+", hours = "0", minutes = "0"] = offset;
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  }
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "medium",
    });
    formats.set(zone, format);
  }
  const second = Math.floor(instant / 1000) * 1000;
  return Date.parse(`${format.format(second).replace(" ", "T")}Z`) - second;
}

/** Wall-clock time of an instant in a zone, as the UTC fields of a date. */
export const wallDate = (instant: number, zone: string): Date => new Date(instant + offsetMs(zone, instant));

/** Wall-clock fields of an instant in a zone, as `yyyy-MM-dd HH:mm:ss.SSS`. */
function wallClock(instant: number, zone: string): string {
  return wallDate(instant, zone).toISOString().slice(0, 23).replace("T", " ");
}

export const timeText = (instant: number, zone: string): string => wallClock(instant, zone).slice(0, 19);

export const timeOrNull = (instant: number | null, zone: string): string | null =>
  instant === null ? null : timeText(instant, zone);

/** SHOW PARTITIONS and its like print an unset time as `N/A` or the far future (§9.2). */
export const nowText = (instant: number, zone: string, micros: boolean): string =>
  micros ? `${wallClock(instant, zone)}000` : timeText(instant, zone);

/** DuckDB's ICU knows no bare offsets: zone expression for `timezone(…)`, or an interval for fixed ones. */
export function toZoneSql(zone: string, utcTimestamp: string): string {
  const offset = fixed.exec(zone);
  if (!offset) return `timezone('${zone}', timezone('UTC', ${utcTimestamp}))`;
  return `(${utcTimestamp} + INTERVAL '${offsetMs(zone, 0) / 1000} seconds')`;
}

export function fromZoneSql(zone: string, local: string): string {
  const offset = fixed.exec(zone);
  if (!offset) return `timezone('UTC', timezone('${zone}', ${local}))`;
  return `(${local} - INTERVAL '${offsetMs(zone, 0) / 1000} seconds')`;
}
