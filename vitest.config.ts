import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The end-to-end tests start a cluster and a process a step; nothing in them depends on time.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
