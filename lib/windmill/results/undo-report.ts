import type { UndoReport } from "../../operations/undo/kind.ts";
import { tableKey } from "../../planning/live-table.ts";
import { counted, number } from "./amounts.ts";
import { type Document, headline, table } from "./document.ts";
import { markdown } from "./markdown.ts";
import { notesAndSkipped } from "./notes.ts";
import { shown } from "./shown.ts";
import { undoneTable } from "./undo-plan.ts";

/** How an undo went: it is over, so all that was planned is done. */
export function undoReport({ run }: UndoReport, notes: readonly string[]) {
  const { plan } = run;
  const document: Document = [
    headline(`Undo of the restore of ${counted(plan.tables.length, "table")} finished`),
    table(
      ["table", "rows before", "rows that came back", "kept as"],
      plan.tables.map((each) => [tableKey(each), number(each.rowsNow), number(each.rowsBack), each.keptAs]),
    ),
    ...notesAndSkipped(notes, plan.skipped),
  ];
  return {
    status: "FINISHED",
    run_id: run.runId,
    restore: plan.restore,
    undone: plan.tables.map(undoneTable),
    skipped: plan.skipped,
    notes,
    markdown: markdown(document),
    ...shown(document),
  };
}
