/** Seconds from one instant to another, both UTC as the FE writes them: `yyyy-MM-dd HH:mm:ss`. */
export function secondsBetween(from: string, to: string): number {
  return (millisOf(to) - millisOf(from)) / 1000;
}

function millisOf(instant: string): number {
  return Date.parse(`${instant.replace(" ", "T")}Z`);
}
