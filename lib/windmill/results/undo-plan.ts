import type { Planned } from "../../operations/step/plan-once.ts";
import { tableKey } from "../../planning/live-table.ts";
import type { PlannedUndo, UndoPlan } from "../../planning/undo/undo-plan.ts";
import { counted, number } from "./amounts.ts";
import { type Document, headline, type Line, list, paragraph } from "./document.ts";
import { html } from "./html.ts";
import { notesAndSkipped, storedAs } from "./notes.ts";
import { shown } from "./shown.ts";

/** The result of planning an undo: what the next step needs, and what an approver reads (`description`). */
export function renderUndoPlan(planned: Planned<UndoPlan>, dryRun: boolean) {
  const { plan } = planned;
  const document = documentOf(planned, dryRun);
  return {
    status: dryRun ? "DRY_RUN" : "PLANNED",
    run_id: planned.runId ?? null,
    plan_hash: planned.planHash,
    dry_run: dryRun,
    restore: plan.restore,
    tables: plan.tables.map(undoneTable),
    skipped: plan.skipped,
    notes: planned.notes,
    description: { html: html(document) },
    ...shown(document),
  };
}

/** One table of an undo as machines read it. */
export function undoneTable(planned: PlannedUndo) {
  return {
    table: tableKey(planned),
    kept_as: planned.keptAs,
    partitions: planned.partitions?.names ?? null,
    rows_restored: planned.rowsRestored,
    rows_now: planned.rowsNow,
    rows_back: planned.rowsBack,
  };
}

function documentOf({ plan, notes, runId, planHash }: Planned<UndoPlan>, dryRun: boolean): Document {
  return [
    headline(`Undo of the restore of ${counted(plan.tables.length, "table")}`),
    ...(dryRun ? [paragraph("A dry run: nothing was written, and nothing is undone.")] : []),
    list(plan.tables.map(change)),
    paragraph("Each table changes with one atomic statement. Other tables are not touched."),
    ...notesAndSkipped(notes, plan.skipped),
    ...storedAs(
      runId,
      planHash,
      "Nothing has been changed yet: it begins when this plan is approved (outside a flow, by the script undo).",
    ),
  ];
}

function change(planned: PlannedUndo): Line {
  const { keptAs, partitions, rowsBack, rowsNow, rowsRestored } = planned;
  const what =
    partitions === undefined
      ? `: ${keptAs} with ${counted(rowsBack, "row")} becomes live again, and the restored table is kept under that name for 7 days.`
      : `: what ${counted(partitions.names.length, "partition")} held comes back from ${keptAs}, ${counted(rowsBack, "row")}; what is in them now is gone then.`;
  const written =
    rowsNow === rowsRestored
      ? ` It replaces ${counted(rowsNow, "row")}, as many as were restored.`
      : ` It replaces ${counted(rowsNow, "row")}; ${number(rowsRestored)} were restored: somebody has written since, and that is not carried over.`;
  return [{ strong: tableKey(planned) }, `${what}${written}`];
}
