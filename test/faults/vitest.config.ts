import { defineConfig } from "vitest/config";

/** Hundreds of runs, a process a step: too long for every `npm test`. */
export default defineConfig({
  test: {
    include: ["test/faults/**/*.test.ts"],
    // The two matrices side by side, and in each two cases: what one waits for, another uses.
    maxWorkers: "100%",
    maxConcurrency: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    silent: "passed-only",
  },
});
