/** Seconds from one instant to another, both UTC as the FE writes them: `yyyy-MM-dd HH:mm:ss`. */
export function secondsBetween(from: string, to: string): number {
  return (millisOf(to) - millisOf(from)) / 1000;
}

/** The instant a number of seconds later; both UTC, `yyyy-MM-dd HH:mm:ss`. */
export function secondsLater(at: string, seconds: number): string {
  return instantText(new Date(millisOf(at) + seconds * 1000));
}

/** As the FE writes it, UTC: `yyyy-MM-dd HH:mm:ss`. */
export function instantText(at: Date): string {
  return at.toISOString().slice(0, 19).replace("T", " ");
}

function millisOf(instant: string): number {
  return Date.parse(`${instant.replace(" ", "T")}Z`);
}
