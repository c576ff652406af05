import { defineConfig } from "vitest/config";

/** Hundreds of runs, a process a step: too long for every `npm test`. */
export default defineConfig({
  test: {
    include: ["test/faults/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Each case keeps about one core busy.
    maxConcurrency: 3,
  },
});
