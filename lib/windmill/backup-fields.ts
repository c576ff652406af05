import * as z from "zod";
import { dryRun, groupName, labelName, repositoryName, starrocksResource } from "./fields.ts";

/** What a backup asks for; the form of the backup flow. */
export const backupFields = {
  starrocks: starrocksResource,
  group: groupName,
  type: z.enum(["full", "incremental"]).default("incremental").meta({
    title: "Type",
    description: "full: everything in the group. incremental: what changed since the baseline.",
  }),
  baseline: labelName.optional().meta({
    title: "Baseline",
    description: "Label to compare an incremental with; empty: the group's newest full backup.",
  }),
  name: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,60}$/, "letters, digits and _ only, at most 60")
    .optional()
    .meta({ title: "Name", description: "Begins the labels instead of the database's name." }),
  repository: repositoryName,
  dry_run: dryRun,
};
