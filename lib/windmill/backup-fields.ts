import * as z from "zod";
import {
  cancelStalled,
  dryRun,
  groupName,
  labelName,
  repositoryName,
  stallMinutes,
  starrocksResource,
} from "./fields.ts";

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
  full_every: z
    .string()
    .regex(/^[1-9]\d{0,3}[hd]$/, "write a number of hours or days: 12h, 7d")
    .optional()
    .meta({
      title: "Full every",
      description: "For type auto: make a full when the newest is older: 12h, 7d.",
    }),
  max_chain: z.number().int().min(2).max(1000).optional().meta({
    title: "Longest chain",
    description: "For type auto: make a full when a restore would need more backups than this.",
  }),
  max_partitions_per_job: z.number().int().min(1).max(100000).default(20000).meta({
    title: "Partitions a job",
    description: "More are copied by several jobs, one after the other; large jobs stall the frontend.",
  }),
  stall_minutes: stallMinutes,
  cancel_stalled: cancelStalled,
  name: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,60}$/, "letters, digits and _ only, at most 60")
    .optional()
    .meta({ title: "Name", description: "Begins the labels instead of the database's name." }),
  repository: repositoryName,
  dry_run: dryRun,
};

const secondsOf: ReadonlyMap<string, number> = new Map([
  ["h", 3600],
  ["d", 86400],
]);

/** `7d` as seconds. */
export function periodSeconds(period: string): number {
  return Number(period.slice(0, -1)) * (secondsOf.get(period.slice(-1)) ?? 0);
}
