import * as z from "zod";
import { instantForm, timeAdvice } from "../../planning/restore/instant.ts";
import {
  cancelStalled,
  dryRun,
  groupName,
  intoCluster,
  labelName,
  repositoryName,
  stallMinutes,
  starrocksResource,
  tableNames,
  zoneName,
} from "./fields.ts";
import { numberField } from "./number-field.ts";
import { period } from "./period.ts";
import { textField } from "./text-field.ts";
import { yesOrNo } from "./yes-or-no.ts";

const oneLine = "write a name of one line, at most 255 characters";

/** What a restore asks for; the form of the restore flow: what, when, and then what few need. */
export const restoreFields = {
  starrocks: starrocksResource,
  tables: tableNames.optional().meta({
    title: "Tables",
    description: "database.table, one an entry; empty: every table of the restore point.",
  }),
  target_time: textField(instantForm, timeAdvice).optional().meta({
    title: "Time",
    description:
      "Restore the newest state at or before this time: 2025-11-25 15:00, with an offset or a zone's name behind it where it is not of the time zone below. “before” in front of it means the second before. Give this or a backup.",
  }),
  target_label: labelName.optional().meta({
    title: "Backup",
    description: "Label of the backup whose state the tables get back. Give this or a time.",
  }),
  partitions: z
    .array(textField(/\S.*/, "write a partition's name, or from..to"), "list partitions, one an entry")
    .optional()
    .meta({
      title: "Partitions",
      description:
        "Only these partitions of the one table: names, or one entry from..to such as 2026-11-01..2026-11-07. Everything else in the live table stays as it is.",
    }),
  rename_to: textField(/\S.{0,254}/, oneLine)
    .optional()
    .meta({
      title: "Restore as",
      description: "Another name for the one table: a copy beside the live table, which is not touched.",
    }),
  suffix: textField(/\S.{0,60}/, "write what is added to names, at most 60 characters")
    .optional()
    .meta({
      title: "Suffix",
      description: "Is added to every table's name, such as _restored: copies beside the live tables.",
    }),
  into_database: textField(
    /[^.\s][^.]{0,254}/,
    "write the name of a database: no dot, at most 255 characters",
  )
    .optional()
    .meta({
      title: "Into database",
      description: "Restore copies into this database; it is created when it is missing.",
    }),
  into: intoCluster,
  group: groupName.optional(),
  repository: repositoryName.meta({
    title: "Repository",
    description: "Where snapshots are read from; empty: where the backups were written to.",
  }),
  time_zone: zoneName.optional().meta({
    title: "Time zone",
    description: "Of a time without one, such as Europe/Berlin; empty: the resource's, else the cluster's.",
  }),
  keep_replaced: z.boolean().default(true).meta({
    title: "Keep what is replaced",
    description:
      "Keep the replaced table, or what replaced partitions held. Otherwise there is no way back: it is dropped once the restored one is live and checked.",
  }),
  keep_replaced_for: period().default("7d").meta({
    title: "Keep it for",
    description: "For how long what is replaced is kept at least: hours or days, such as 12h or 7d.",
  }),
  all_or_nothing: yesOrNo.optional().meta({
    title: "All or nothing",
    description:
      "Make nothing live unless every table can be, and take back what is live when one fails. Empty: yes for a group, a database or a whole restore point, no for named tables.",
  }),
  max_drift: numberField(0, 1_000_000).default(50).meta({
    title: "Largest change (%)",
    description:
      "Stop when, after the approval, the rows of what is replaced have changed by more than this.",
  }),
  stall_minutes: stallMinutes,
  cancel_stalled: cancelStalled,
  dry_run: dryRun,
};
