/** What a point in time looks like; whether the calendar has it is another question. */
export const instantForm =
  /(\d{4}-\d{2}-\d{2})[ Tt](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?\s*(?:([Zz])|([+-]\d{2})(?::?(\d{2}))?)?/;

const wholeInstant = new RegExp(`^${instantForm.source}$`);

/**
 * Reads a point in time as a person or Windmill's date-time field writes it.
 *
 * @param text `2025-11-25 15:00`, `2025-11-25T15:00:00Z`, `2025-11-25T16:00:00+01:00`; UTC without an offset
 * @returns `yyyy-MM-dd HH:mm:ss` in UTC, the catalog's form; undefined when the text is no time
 */
export function utcInstant(text: string): string | undefined {
  const parts = wholeInstant.exec(text.trim());
  if (parts === null) return undefined;
  const [, day = "", minute, second = ":00", , hours, minutes] = parts;
  if (!isInCalendar(day)) return undefined;
  const zone = hours === undefined ? "Z" : `${hours}:${minutes ?? "00"}`;
  const instant = new Date(`${day}T${minute}${second}${zone}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString().slice(0, 19).replace("T", " ");
}

/** Date takes the 31st of any month, as the 1st of the next one where there is none. */
function isInCalendar(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
