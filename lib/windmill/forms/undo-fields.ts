import { dryRun, runId, starrocksResource, tableNames } from "./fields.ts";

/** What an undo asks for; the form of its flow. */
export const undoFields = {
  starrocks: starrocksResource,
  run_id: runId.meta({
    title: "Restore",
    description: "run_id of the restore to take back, from its result.",
  }),
  tables: tableNames.optional().meta({
    title: "Tables",
    description:
      "Take back only these, as the restore has named them: database.table. Empty: all that can be.",
  }),
  dry_run: dryRun,
};
