import type { Planned } from "../../operations/step/plan-once.ts";
import type { BackupPlan, PlannedSnapshot } from "../../planning/backup/backup-plan.ts";
import type { Skipped } from "../../planning/skipped.ts";
import { counted, number, size } from "./amounts.ts";
import { type Block, type Document, headline, list, paragraph, table } from "./document.ts";
import { html } from "./html.ts";
import { notesAndSkipped, storedAs } from "./notes.ts";
import { shown } from "./shown.ts";

/** The result of planning a backup: what the next step needs, and what a person reads. */
export function renderBackupPlan(planned: Planned<BackupPlan>, dryRun: boolean) {
  const { plan } = planned;
  const nothing = plan.nothingToDo;
  const document = documentOf(planned, dryRun);
  return {
    status: dryRun ? "DRY_RUN" : nothing ? "NOTHING_TO_DO" : "PLANNED",
    run_id: planned.runId ?? null,
    plan_hash: planned.planHash,
    dry_run: dryRun,
    group: plan.group,
    type: plan.type,
    repository: plan.repository,
    total: plan.total,
    snapshots: nothing ? [] : plan.snapshots.map(summary),
    gaps: plan.skipped.filter(({ isGap }) => isGap === true).map(named),
    skipped: plan.skipped.map(named),
    notes: planned.notes,
    description: { html: html(document) },
    ...shown(document),
  };
}

function named({ object, reason }: Skipped) {
  return { object, reason };
}

function summary(snapshot: PlannedSnapshot) {
  const { label, database, type, baseline, partitions, rows, bytes } = snapshot;
  return {
    label,
    database,
    type,
    baseline: baseline ?? null,
    tables: copied(snapshot).length,
    partitions,
    rows,
    bytes,
  };
}

function documentOf({ plan, notes, runId, planHash }: Planned<BackupPlan>, dryRun: boolean): Document {
  const all = `${counted(plan.total.partitions, "partition")}, ${size(plan.total.bytes)}`;
  const dry = dryRun ? [paragraph("A dry run: nothing was written, and nothing is backed up.")] : [];
  if (plan.nothingToDo) {
    return [
      headline(`Nothing to do: no partition of group ${plan.group} has changed`),
      paragraph(`${all} are covered by the backups there are.`),
      ...dry,
      ...notesAndSkipped(notes, plan.skipped),
    ];
  }
  const saved = plan.total.bytes - plan.snapshots.reduce((sum, snapshot) => sum + snapshot.bytes, 0);
  return [
    headline(`Plan: ${plan.type} backup of group ${plan.group} into repository ${plan.repository}`),
    ...dry,
    list(plan.snapshots.map(line)),
    ...(plan.type === "full" ? [] : [paragraph(`Out of ${all}: ${size(saved)} need not be copied.`)]),
    ...notesAndSkipped(notes, plan.skipped),
    ...plan.snapshots.map(tables),
    ...storedAs(
      runId,
      planHash,
      "Nothing has been copied yet: the script backup begins it, as a flow does by itself.",
    ),
  ];
}

function line(snapshot: PlannedSnapshot) {
  const since = snapshot.baseline === undefined ? "" : ` changed since ${snapshot.baseline}`;
  const amount = `${counted(snapshot.partitions, "partition")} (${size(snapshot.bytes)})`;
  return [{ strong: snapshot.label }, `: ${amount}${since}`];
}

function tables(snapshot: PlannedSnapshot): Block {
  const unchanged = snapshot.tableCount - snapshot.tables.length;
  return table(
    ["table", "copy", "partitions", "dropped", "size"],
    snapshot.tables.map((each) => [
      `${snapshot.database}.${each.table}`,
      each.content,
      `${number(each.partitions)} of ${number(each.of)}`,
      number(each.dropped),
      size(each.bytes),
    ]),
    unchanged === 0 ? [] : [`${counted(unchanged, "table")} unchanged`],
  );
}

function copied(snapshot: PlannedSnapshot) {
  return snapshot.tables.filter((each) => each.content !== "unchanged");
}
