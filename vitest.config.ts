import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The kill matrix takes minutes and has a configuration of its own.
    exclude: [...configDefaults.exclude, "test/faults/**"],
    // The end-to-end tests start a cluster and a process a step; nothing in them depends on time.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
