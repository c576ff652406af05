import type { BackupPlanned } from "../../operations/backup/plan.ts";
import type { PlannedSnapshot } from "../../planning/backup/plan.ts";
import { counted, shortened, size, table } from "./amounts.ts";
import { notesAndSkipped } from "./notes.ts";

/** The result of planning a backup: what the next step needs, and a description a person can read. */
export function renderBackupPlan(planned: BackupPlanned, dryRun: boolean) {
  const { plan } = planned;
  const nothing = plan.nothingToDo;
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
    skipped: plan.skipped,
    notes: planned.notes,
    description: {
      render_all: [{ markdown: markdown(planned) }, ...(nothing ? [] : plan.snapshots.map(tables))],
    },
  };
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

function markdown({ plan, notes }: BackupPlanned): string {
  const all = `${counted(plan.total.partitions, "partition")}, ${size(plan.total.bytes)}`;
  const headline = plan.nothingToDo
    ? `**Nothing to do**: no partition of group ${plan.group} has changed (${all} are covered).`
    : `**${plan.type} backup of group ${plan.group}** into repository ${plan.repository}.`;
  const lines = (plan.nothingToDo ? [] : plan.snapshots).map((snapshot) => {
    const since = snapshot.baseline === undefined ? "" : ` changed since ${snapshot.baseline}`;
    return `- ${snapshot.label}: ${counted(snapshot.partitions, "partition")} (${size(snapshot.bytes)})${since}`;
  });
  const saved = plan.total.bytes - plan.snapshots.reduce((sum, snapshot) => sum + snapshot.bytes, 0);
  const share =
    plan.type !== "full" && !plan.nothingToDo ? [`Out of ${all}: ${size(saved)} need not be copied.`] : [];
  return [headline, ...lines, ...share, ...notesAndSkipped(notes, plan.skipped)].join("\n\n");
}

function tables(snapshot: PlannedSnapshot) {
  const { shown, more } = shortened(snapshot.tables);
  const rows = shown.map((each) => ({
    table: `${snapshot.database}.${each.table}`,
    copy: each.content,
    partitions: `${each.partitions} of ${each.of}`,
    dropped: each.dropped,
    size: size(each.bytes),
  }));
  const unchanged = snapshot.tableCount - snapshot.tables.length;
  const rest = [
    ...(more === 0 ? [] : [`… and ${more} more`]),
    ...(unchanged === 0 ? [] : [`${unchanged} unchanged`]),
  ];
  return table(
    ["table", "copy", "partitions", "dropped", "size"],
    [...rows, ...rest.map((text) => ({ table: text, copy: "", partitions: "", dropped: "", size: "" }))],
  );
}

function copied(snapshot: PlannedSnapshot) {
  return snapshot.tables.filter((each) => each.content !== "unchanged");
}
