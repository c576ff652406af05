import type { Progress } from "../../lib/operations/step/progress.ts";

/** For operations whose progress nobody watches. */
export const silent: Progress = { say: () => undefined, percent: async () => undefined };
