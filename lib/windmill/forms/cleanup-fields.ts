import { dryRun, runId, starrocksResource, tableNames } from "./fields.ts";

/** What a cleanup asks for; the form of its flow. */
export const cleanupFields = {
  starrocks: starrocksResource,
  run_id: runId.optional().meta({
    title: "Run",
    description: "Only tables that this restore has made or kept; empty: those of every restore.",
  }),
  tables: tableNames.optional().meta({
    title: "Tables",
    description:
      "Kept or left tables to drop now, whether their time is over or not, as a dry run lists them: database.table. Empty: those whose time is over.",
  }),
  dry_run: dryRun.meta({ title: "Dry run", description: "List everything, drop nothing." }),
};
