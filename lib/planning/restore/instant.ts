import { instantText } from "../../instants.ts";

/** What a point in time looks like; whether the calendar has it is another question. */
export const instantForm =
  /([Bb]efore\s+)?(\d{4}-\d{2}-\d{2})[ Tt](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?\s*(?:([Zz])|([+-]\d{2})(?::?(\d{2}))?|(UTC|GMT|[A-Za-z]+(?:\/[\w+-]+)+))?/;

const wholeInstant = new RegExp(`^${instantForm.source}$`);

/** A point in time as somebody has written it: in the catalog's form, or why it is none. */
export type ReadInstant =
  | { readonly kind: "instant"; readonly utc: string }
  /** It says no zone, and none was given. */
  | { readonly kind: "zoneless" }
  /** Goes on after the field's title: `write …`. */
  | { readonly kind: "fault"; readonly advice: string };

export const timeAdvice =
  "write a time such as 2025-11-25 15:00, 2025-11-25T15:00+01:00 or 2025-11-25 15:00 Europe/Berlin";

/**
 * Reads a point in time as a person or Windmill's date-time field writes it: `2025-11-25 15:00`, `2025-11-25T15:00:00Z`,
 * `2025-11-25T16:00+01`, `2025-11-25 16:00 Europe/Berlin`. `before` in front of it means the second before.
 *
 * @param zone of a time that says none: a name, or an offset such as `+08:00`
 * @returns UTC, `yyyy-MM-dd HH:mm:ss`
 */
export function readInstant(text: string, zone: string | undefined): ReadInstant {
  const parts = wholeInstant.exec(text.trim());
  if (parts === null) return { kind: "fault", advice: timeAdvice };
  const [, before, day = "", minute = "", second = ":00", utc, hours, minutes, written] = parts;
  const wall = Date.parse(`${day}T${minute}${second}Z`);
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(day)) {
    return { kind: "fault", advice: `${timeAdvice}: the calendar has no ${day} ${minute}` };
  }
  const earlier = before === undefined ? 0 : 1000;
  const at = (millis: number): ReadInstant => ({
    kind: "instant",
    utc: instantText(new Date(millis - earlier)),
  });
  if (utc !== undefined) return at(wall);
  if (hours !== undefined) return at(Date.parse(`${day}T${minute}${second}${hours}:${minutes ?? "00"}`));
  const named = written ?? zone;
  if (named === undefined) return { kind: "zoneless" };
  return /^[+-]\d{2}:\d{2}$/.test(named)
    ? at(Date.parse(`${day}T${minute}${second}${named}`))
    : inZone(wall, named, at);
}

/** The zone of a cluster as it says it: Java names its zones as everybody does, but for these (starrocks.md §16). */
export function zoneOfCluster(said: string): string | undefined {
  const named = said === "CST" || said === "PRC" ? "Asia/Shanghai" : said;
  return /^[+-]\d{2}:\d{2}$/.test(named) || isZone(named) ? named : undefined;
}

/**
 * @param wall what the clock of the zone shows, as if it were UTC; milliseconds
 * @param at what becomes of the instant
 */
function inZone(wall: number, zone: string, at: (millis: number) => ReadInstant): ReadInstant {
  if (!isZone(zone))
    return { kind: "fault", advice: `write a time zone such as Europe/Berlin: there is no ${zone}` };
  const day = 86_400_000;
  // A zone changes its offset by far less, and far less often, than a day.
  const candidates = [wall - day, wall + day].map((near) => wall - offset(near, zone));
  const instants = [...new Set(candidates)].filter((millis) => millis + offset(millis, zone) === wall);
  const [only, other] = instants;
  const shown = new Date(wall).toISOString().slice(0, 16).replace("T", " ");
  if (only === undefined) {
    return {
      kind: "fault",
      advice: `write another time: ${shown} is left out in ${zone}, where clocks go forward`,
    };
  }
  if (other !== undefined) {
    const [first, second] = instants.map((millis) => offsetText(wall - millis));
    return {
      kind: "fault",
      advice: `write ${shown}${first} or ${shown}${second}: it comes twice in ${zone}, where clocks go back`,
    };
  }
  return at(only);
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** By how much the clock of a zone is ahead of UTC at an instant; milliseconds. */
function offset(millis: number, zone: string): number {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  return Date.parse(`${format.format(millis).replace(" ", "T")}Z`) - Math.floor(millis / 1000) * 1000;
}

function offsetText(millis: number): string {
  const minutes = Math.abs(millis) / 60_000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${millis < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
