import { setTimeout as sleep } from "node:timers/promises";

/** How often to look for what may come in a moment. */
export interface Looks {
  readonly most: number;
  readonly pauseMs: number;
}

/** Looks until something is there. @returns undefined when it has not come */
export async function lookUntil<Found>(
  { most, pauseMs }: Looks,
  look: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  for (let looks = 1; ; looks++) {
    const found = await look();
    if (found !== undefined || looks === most) return found;
    await sleep(pauseMs);
  }
}
