import * as z from "zod";
import {
  cancelStalled,
  dryRun,
  failOnGaps,
  groupName,
  labelName,
  repositoryName,
  stallMinutes,
  starrocksResource,
} from "./fields.ts";
import { numberField } from "./number-field.ts";
import { period } from "./period.ts";
import { textField } from "./text-field.ts";

/** What a backup asks for; the form of the backup flow. */
export const backupFields = {
  starrocks: starrocksResource,
  group: groupName,
  type: z.enum(["full", "incremental", "auto"]).default("incremental").meta({
    title: "Type",
    description:
      "full: everything in the group. incremental: what changed since the baseline. auto: a full where one is due or there is no baseline, else an incremental.",
  }),
  baseline: labelName.optional().meta({
    title: "Baseline",
    description:
      "What to compare with: a label; latest, the newest backup of any type (restores then need every backup of the chain); empty: the group's newest full.",
  }),
  full_every: period().optional().meta({
    title: "Full every",
    description: "For type auto: make a full when the newest is older: 12h, 7d.",
  }),
  max_chain: numberField(2, 1000).optional().meta({
    title: "Longest chain",
    description: "For type auto: make a full when a restore would need more backups than this.",
  }),
  max_partitions_per_job: numberField(1, 100000).default(20000).meta({
    title: "Partitions per job",
    description: "More are copied by several jobs, one after the other; large jobs stall the frontend.",
  }),
  stall_minutes: stallMinutes,
  cancel_stalled: cancelStalled,
  fail_on_gaps: failOnGaps,
  name: textField(/\w{1,60}/, "use letters, digits and _ only, at most 60")
    .optional()
    .meta({ title: "Name", description: "Begins the labels instead of the database's name." }),
  repository: repositoryName,
  dry_run: dryRun,
};
