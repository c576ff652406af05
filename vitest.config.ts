import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The fault matrices take minutes and have a configuration of their own.
    exclude: [...configDefaults.exclude, "test/faults/**"],
    // The end-to-end tests start a cluster and a process a step; nothing in them depends on time.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
