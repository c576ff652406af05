import { defineConfig } from "vitest/config";
import { LongFirst } from "./test/support/long-first.ts";

/** What needs neither the build nor a server nor a process of its own. */
const unit = [
  "test/lib/**/!(session).test.ts",
  "test/build/**/!(mysql-stubs|push).test.ts",
  "test/docs/**/*.test.ts",
  "test/local/windmill/{expression/evaluate,form/fill-in,job/bun-binary}.test.ts",
];

export default defineConfig({
  test: {
    // One less than the cores is the default, which is half of two.
    maxWorkers: "100%",
    // Scripts that are called log to the console.
    silent: "passed-only",
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: unit,
          // Nothing here outlives a test: the modules need not be loaded anew for each file.
          isolate: false,
        },
      },
      {
        test: {
          name: "stack",
          // Real processes, on machines that may be busy.
          testTimeout: 120_000,
          hookTimeout: 60_000,
          include: ["test/**/*.test.ts"],
          // The fault matrices take minutes and have a configuration of their own.
          exclude: ["test/faults/**", ...unit],
        },
      },
    ],
  },
});
