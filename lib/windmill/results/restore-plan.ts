import type { Planned } from "../../operations/step/plan-once.ts";
import type { PlannedRestore, RestorePlan } from "../../planning/restore/restore-plan.ts";
import { counted, number, size } from "./amounts.ts";
import { type Block, type Document, headline, type Line, list, paragraph, table } from "./document.ts";
import { html } from "./html.ts";
import { notesAndSkipped, storedAs } from "./notes.ts";
import { shown } from "./shown.ts";

/** The result of planning a restore: what the next step needs, and what an approver reads (`description`). */
export function renderRestorePlan(planned: Planned<RestorePlan>, dryRun: boolean) {
  const { plan } = planned;
  const document = documentOf(planned, dryRun);
  return {
    status: dryRun ? "DRY_RUN" : "PLANNED",
    run_id: planned.runId ?? null,
    plan_hash: planned.planHash,
    dry_run: dryRun,
    repository: plan.repository,
    tables: plan.tables.map(summary),
    skipped: plan.skipped,
    notes: planned.notes,
    description: { html: html(document) },
    ...shown(document),
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

function documentOf({ plan, notes, runId, planHash }: Planned<RestorePlan>, dryRun: boolean): Document {
  const bytes = plan.tables.reduce((sum, each) => sum + each.bytes, 0);
  return [
    headline(
      `Restore of ${counted(plan.tables.length, "table")} from repository ${plan.repository}, ${size(bytes)}`,
    ),
    ...(dryRun ? [paragraph("A dry run: nothing was written, and nothing is restored.")] : []),
    list(plan.tables.map(change)),
    paragraph(
      "Everything is restored into temporary tables first; each table is then published by one atomic statement. Nothing else is touched. Table-level grants stay with the replaced table.",
    ),
    ...notesAndSkipped(notes, plan.skipped),
    sequence(plan.tables),
    ...storedAs(
      runId,
      planHash,
      "Nothing has been changed yet: it begins when this plan is approved (outside a flow, by the script restore).",
    ),
  ];
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

/** What will be live, and what becomes of what is live now. All of it in one column: on a phone a table is cut off. */
function change(planned: PlannedRestore): Line {
  const { label, partitions, replaces } = planned;
  const replaced =
    replaces === undefined
      ? "There is no live table of that name now."
      : `It replaces ${counted(replaces.partitions, "partition")} with about ${counted(replaces.rows, "row")}, kept as ${replaces.keptAs}.`;
  const restored = `${state(planned)}, ${counted(partitions, "partition")}, from ${label}`;
  return [{ strong: nameOf(planned) }, `: ${restored}. ${replaced}`];
}

function sequence(tables: readonly PlannedRestore[]): Block {
  return table(
    ["table", "snapshot", "partitions", "size", "into"],
    tables.flatMap((each) =>
      each.parts.map((part) => [
        nameOf(each),
        part.label,
        number(part.partitions),
        size(part.bytes),
        part.as,
      ]),
    ),
  );
}

function nameOf(planned: PlannedRestore): string {
  return `${planned.database}.${planned.table}`;
}
