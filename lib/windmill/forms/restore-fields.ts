import {
  cancelStalled,
  dryRun,
  groupName,
  labelName,
  repositoryName,
  stallMinutes,
  starrocksResource,
  tableNames,
} from "./fields.ts";
import { textField } from "./text-field.ts";
import { instantForm, utcInstant } from "./utc-instant.ts";

const timeAdvice = "write a time such as 2025-11-25 15:00 (UTC) or 2025-11-25T15:00+01:00";

/** What a restore asks for; the form of the restore flow. */
export const restoreFields = {
  starrocks: starrocksResource,
  target_label: labelName.optional().meta({
    title: "Backup",
    description: "Label of the backup whose state the tables get back. Give this or a time.",
  }),
  target_time: textField(instantForm, timeAdvice)
    .refine((text) => utcInstant(text) !== undefined, timeAdvice)
    .optional()
    .meta({
      title: "Time",
      description:
        "Restore the newest state at or before this time; UTC unless it has an offset. Give this or a backup.",
    }),
  tables: tableNames.optional().meta({
    title: "Tables",
    description: "database.table, one an entry; empty: every table of the restore point.",
  }),
  group: groupName.optional(),
  repository: repositoryName,
  stall_minutes: stallMinutes,
  cancel_stalled: cancelStalled,
  dry_run: dryRun,
};
