import type { BackupRecord } from "../../catalog/history.ts";
import type { RestoreRecord } from "../../catalog/restores.ts";
import type { Report } from "../../operations/report.ts";
import { counted, size } from "./amounts.ts";
import { notesAndSkipped } from "./notes.ts";

/** The result of a flow: stable keys for programs, markdown for people. */
export function renderReport(report: Report) {
  return report.operation === "backup" ? backupReport(report) : restoreReport(report);
}

function backupReport({ run, plan, backups }: Extract<Report, { readonly operation: "backup" }>) {
  const status = run.state === "NOTHING_TO_DO" ? "NOTHING_TO_DO" : "FINISHED";
  const headline =
    status === "NOTHING_TO_DO"
      ? `**Nothing to do**: no partition of group ${plan.group} has changed.`
      : `**Backup of group ${plan.group} finished.**`;
  const finished = backups.filter((each) => each.status === "FINISHED");
  const skipped = [...plan.skipped, ...finished.flatMap((each) => each.leftOut)];
  const lines = finished.map(
    (each) =>
      `- ${each.label}: ${counted(each.partitions, "partition")}, ${size(each.bytes)}, finished ${each.finishedAt} UTC`,
  );
  return {
    status,
    run_id: run.runId,
    group: plan.group,
    repository: plan.repository,
    snapshots: finished.map(snapshot),
    total: plan.total,
    skipped,
    wm_renderer: "markdown",
    markdown: [headline, ...lines, ...notesAndSkipped([], skipped)].join("\n\n"),
  };
}

function snapshot(record: BackupRecord) {
  return {
    label: record.label,
    database: record.database,
    type: record.type,
    baseline: record.baseline ?? null,
    tables: record.tables,
    partitions: record.partitions,
    bytes: record.bytes,
    started_at: record.startedAt,
    finished_at: record.finishedAt ?? null,
  };
}

function restoreReport({ run, plan, restores }: Extract<Report, { readonly operation: "restore" }>) {
  const restored = restores.map((record) => restoredTable(record, plan));
  const lines = restored.map((each) => {
    const kept =
      each.replaced_kept_as === null ? "" : `; the replaced table is kept as ${each.replaced_kept_as}`;
    return `- ${each.table}: ${counted(each.partitions, "partition")}, ${counted(each.rows, "row")}${kept}`;
  });
  return {
    status: "FINISHED",
    run_id: run.runId,
    repository: plan.repository,
    restored,
    skipped: plan.skipped,
    wm_renderer: "markdown",
    markdown: ["**Restore finished.**", ...lines, ...notesAndSkipped([], plan.skipped)].join("\n\n"),
  };
}

function restoredTable(
  record: RestoreRecord,
  plan: Extract<Report, { readonly operation: "restore" }>["plan"],
) {
  const planned = plan.tables.find(
    (each) => each.database === record.database && each.table === record.table,
  );
  return {
    table: `${record.database}.${record.table}`,
    strategy: record.strategy,
    snapshots: planned?.parts.map((part) => part.label) ?? [],
    partitions: record.partitions,
    rows: record.rows,
    replaced_kept_as: record.replacedKeptAs ?? null,
  };
}
