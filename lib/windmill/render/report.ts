import type { BackupRecord } from "../../catalog/history.ts";
import type { RestoreRecord } from "../../catalog/restores.ts";
import type { Report } from "../../operations/report.ts";
import { counted, size } from "./amounts.ts";
import { notesAndSkipped } from "./notes.ts";

/**
 * The result of a flow: stable keys for programs, markdown for people.
 *
 * Of a backup, `restore_points` are the labels that a restore can be given. `snapshots` are what it has added to the
 * group's chain; one with `in_repository: false` is rows of the catalog alone, since nothing of its database had to be
 * copied, so `SHOW SNAPSHOT` does not list it.
 *
 * @param notes what the plan noted beside what is in the catalog
 */
export function renderReport(report: Report, notes: readonly string[]) {
  return report.operation === "backup" ? backupReport(report, notes) : restoreReport(report, notes);
}

function backupReport(
  { run, plan, backups }: Extract<Report, { readonly operation: "backup" }>,
  notes: readonly string[],
) {
  const status = run.state === "NOTHING_TO_DO" ? "NOTHING_TO_DO" : "FINISHED";
  const finished = backups.filter((each) => each.status === "FINISHED");
  const points = status === "NOTHING_TO_DO" ? plan.snapshots.filter(isLastPart) : finished.filter(isLastPart);
  const labels = points.map((each) => each.label);
  const headline =
    status === "NOTHING_TO_DO"
      ? `**Nothing to do**: no partition of group ${plan.group} has changed. The state of ${plan.plannedAt} UTC can be restored as ${labels.join(", ")}.`
      : `**Backup of group ${plan.group} finished.**`;
  const skipped = [...plan.skipped, ...finished.flatMap((each) => each.leftOut)];
  return {
    status,
    run_id: run.runId,
    group: plan.group,
    repository: plan.repository,
    snapshots: finished.map(snapshot),
    restore_points: labels,
    total: plan.total,
    skipped,
    notes,
    wm_renderer: "markdown",
    markdown: [headline, ...finished.map(line), ...notesAndSkipped(notes, skipped)].join("\n\n"),
  };
}

function line(record: BackupRecord): string {
  const { label, partitions, bytes, finishedAt } = record;
  return isInRepository(record)
    ? `- ${label}: ${counted(partitions, "partition")}, ${size(bytes)}, finished ${finishedAt} UTC`
    : `- ${label}: nothing had to be copied, finished ${finishedAt} UTC; it is not a snapshot of its own`;
}

/** The parts of a database before the last one are what that stands on. */
function isLastPart({ part, parts }: Pick<BackupRecord, "part" | "parts">): boolean {
  return part === parts;
}

/** Where partitions were dropped and nothing else changed there is nothing to copy. */
function isInRepository(record: BackupRecord): boolean {
  return record.snapshotTimestamp !== undefined;
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
    in_repository: isInRepository(record),
    started_at: record.startedAt,
    finished_at: record.finishedAt ?? null,
  };
}

function restoreReport(
  { run, plan, restores }: Extract<Report, { readonly operation: "restore" }>,
  notes: readonly string[],
) {
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
    notes,
    wm_renderer: "markdown",
    markdown: ["**Restore finished.**", ...lines, ...notesAndSkipped(notes, plan.skipped)].join("\n\n"),
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
