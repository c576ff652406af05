import type { RestorePlanned } from "../../operations/restore/plan.ts";
import type { PlannedRestore } from "../../planning/restore/plan.ts";
import { counted, shortened, size, table } from "./amounts.ts";
import { notesAndSkipped } from "./notes.ts";

/** The result of planning a restore: what the next step needs, and what an approver reads. */
export function renderRestorePlan(planned: RestorePlanned, dryRun: boolean) {
  const { plan } = planned;
  return {
    status: dryRun ? "DRY_RUN" : "PLANNED",
    run_id: planned.runId ?? null,
    plan_hash: planned.planHash,
    dry_run: dryRun,
    repository: plan.repository,
    tables: plan.tables.map(summary),
    skipped: plan.skipped,
    notes: planned.notes,
    description: {
      render_all: [{ markdown: markdown(planned) }, replaced(plan.tables), sequence(plan.tables)],
    },
  };
}

function summary(planned: PlannedRestore) {
  return {
    table: nameOf(planned),
    label: planned.label,
    cut_from: planned.cutFrom,
    cut_to: planned.cutTo,
    strategy: planned.strategy,
    snapshots: planned.parts.map((part) => ({
      label: part.label,
      partitions: part.partitions,
      bytes: part.bytes,
    })),
    partitions: planned.partitions,
    bytes: planned.bytes,
    replaces: planned.replaces
      ? {
          partitions: planned.replaces.partitions,
          rows: planned.replaces.rows,
          kept_as: planned.replaces.keptAs,
        }
      : null,
  };
}

function markdown({ plan, notes }: RestorePlanned): string {
  const bytes = plan.tables.reduce((sum, each) => sum + each.bytes, 0);
  return [
    `**Restore of ${counted(plan.tables.length, "table")}** from repository ${plan.repository}, ${size(bytes)}.`,
    ...plan.tables.map((each) => `- ${nameOf(each)}: ${state(each)} (${each.label})`),
    "Everything is restored into temporary tables first; each table is then published by one atomic statement. Nothing else is touched. Table-level grants stay with the replaced table.",
    ...notesAndSkipped(notes, plan.skipped),
  ].join("\n\n");
}

/**
 * Partitions that the backup found unchanged are as they were listed, copied ones as they were when the job fixed their
 * versions: seconds later, or hours where another job was in the way.
 */
function state({ cutFrom, cutTo }: PlannedRestore): string {
  if (cutFrom === "" || cutFrom === cutTo) return `the state of ${cutTo} UTC`;
  const [day = ""] = cutFrom.split(" ");
  return `the state between ${cutFrom} and ${cutTo.replace(`${day} `, "")} UTC`;
}

function replaced(tables: readonly PlannedRestore[]) {
  const { shown } = shortened(tables);
  const rows = shown.map((each) => ({
    table: nameOf(each),
    strategy: each.strategy,
    restores: counted(each.partitions, "partition"),
    replaces: each.replaces
      ? `${counted(each.replaces.partitions, "partition")}, about ${counted(each.replaces.rows, "row")}`
      : "no live table",
    "replaced kept as": each.replaces?.keptAs ?? "",
  }));
  return table(["table", "strategy", "restores", "replaces", "replaced kept as"], rows);
}

function sequence(tables: readonly PlannedRestore[]) {
  const steps = tables.flatMap((each) =>
    each.parts.map((part, index) => ({
      table: nameOf(each),
      step: index + 1,
      snapshot: part.label,
      partitions: part.partitions,
      size: size(part.bytes),
      into: part.as,
    })),
  );
  return table(["table", "step", "snapshot", "partitions", "size", "into"], shortened(steps).shown);
}

function nameOf(planned: PlannedRestore): string {
  return `${planned.database}.${planned.table}`;
}
