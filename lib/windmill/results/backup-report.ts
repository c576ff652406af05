import type { BackupRecord, LeftOut } from "../../catalog/history.ts";
import { BackupError } from "../../errors.ts";
import type { BackupReport } from "../../operations/backup/kind.ts";
import type { BackupPlan } from "../../planning/backup/backup-plan.ts";
import { counted, size } from "./amounts.ts";
import { type Document, headline, list, paragraph } from "./document.ts";
import { markdown } from "./markdown.ts";
import { notesAndSkipped, objects } from "./notes.ts";
import { shown } from "./shown.ts";

/**
 * How a backup went: `restore_points` are the labels that a restore can be given. `snapshots` are what it has added to the
 * group's chain; one with `in_repository: false` is rows of the catalog alone, since nothing of its database had to be
 * copied, so `SHOW SNAPSHOT` does not list it.
 */
export function backupReport({ run, backups }: BackupReport, notes: readonly string[], failOnGaps: boolean) {
  const { plan } = run;
  const status = run.state === "NOTHING_TO_DO" ? "NOTHING_TO_DO" : "FINISHED";
  const finished = backups.filter((each) => each.status === "FINISHED");
  const points = status === "NOTHING_TO_DO" ? plan.snapshots.filter(isLastPart) : finished.filter(isLastPart);
  const labels = points.map((each) => each.label);
  const { skipped, gaps } = leftOut(plan, backups);
  if (failOnGaps && gaps.length > 0) throw hasGaps(plan, gaps);
  const document: Document = [
    ...(status === "NOTHING_TO_DO"
      ? [
          headline(`Nothing to do: no partition of group ${plan.group} has changed`),
          paragraph(`The state of ${plan.plannedAt} UTC can be restored as ${labels.join(", ")}.`),
        ]
      : [
          headline(
            `Backup of group ${plan.group} finished${gaps.length === 0 ? "" : `, with ${counted(gaps.length, "gap")}`}`,
          ),
          list(finished.map(line)),
          paragraph(`Restore with ${labels.join(" or ")}.`),
        ]),
    ...objects("Not backed up, though asked for:", gaps),
    ...notesAndSkipped(
      notes,
      skipped.filter(({ object }) => !gaps.some((gap) => gap.object === object)),
    ),
  ];
  return {
    status,
    run_id: run.runId,
    group: plan.group,
    repository: plan.repository,
    snapshots: finished.map(snapshot),
    restore_points: labels,
    total: plan.total,
    gaps,
    skipped,
    notes,
    markdown: markdown(document),
    // Windmill's list of runs can be searched by it.
    ...(gaps.length > 0 && { wm_labels: ["gaps"] }),
    ...shown(document),
  };
}

interface LeftOutObjects {
  readonly skipped: readonly LeftOut[];
  /** Those whose data was asked for. */
  readonly gaps: readonly LeftOut[];
}

/** What is in none of the run's snapshots: by the plan, and by what was found when they were made. */
function leftOut(plan: BackupPlan, backups: readonly BackupRecord[]): LeftOutObjects {
  const planned = plan.skipped.map(({ object, reason }) => ({ object, reason }));
  const known = new Set(planned.map(({ object }) => object));
  const later = backups
    .filter((each) => each.status === "FINISHED" || each.status === "NOTHING_TO_DO")
    .flatMap((each) => each.leftOut)
    .filter(({ object }) => !known.has(object));
  const asked = new Set(plan.skipped.filter(({ isGap }) => isGap === true).map(({ object }) => object));
  return {
    skipped: [...planned, ...later],
    gaps: [...planned.filter(({ object }) => asked.has(object)), ...later],
  };
}

function hasGaps({ group }: BackupPlan, gaps: readonly LeftOut[]): BackupError {
  const listed = gaps.slice(0, mostListed).map(({ object, reason }) => `${object} (${reason})`);
  const more = gaps.length > mostListed ? `, and ${gaps.length - mostListed} more` : "";
  return new BackupError({
    code: "BACKUP_HAS_GAPS",
    message: `The backup of group ${group} is finished and lacks what was asked for: ${listed.join(", ")}${more}.`,
    next: "What was backed up can be restored. Correct the group or the user's grants, or turn fail_on_gaps off.",
  });
}

const mostListed = 10;

function line(record: BackupRecord) {
  const { label, partitions, bytes, finishedAt } = record;
  const what = isInRepository(record)
    ? `${record.type}${since(record)}, ${counted(partitions, "partition")}, ${size(bytes)}, finished ${finishedAt} UTC`
    : `nothing had to be copied, finished ${finishedAt} UTC; it is not a snapshot of its own`;
  return [{ strong: label }, `: ${what}`];
}

function since({ baseline }: BackupRecord): string {
  return baseline === undefined ? "" : ` since ${baseline}`;
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
