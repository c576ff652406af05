import type { RestoreRecord } from "../../catalog/restores.ts";
import type { RestoreReport } from "../../operations/restore/kind.ts";
import { tableKey } from "../../planning/live-table.ts";
import { affectedText } from "../../planning/restore/affected.ts";
import { type PlannedRestore, type RestorePlan, sourceOf } from "../../planning/restore/restore-plan.ts";
import { undoOutlook } from "../../planning/restore/undo-outlook.ts";
import { sentence } from "../../sentence.ts";
import { counted, number } from "./amounts.ts";
import { type Document, headline, list, note, table } from "./document.ts";
import { markdown } from "./markdown.ts";
import { notesAndSkipped } from "./notes.ts";
import { shown } from "./shown.ts";

/** How a restore went, table by table. */
export function restoreReport({ run, restores }: RestoreReport, notes: readonly string[]) {
  const { plan } = run;
  const restored = restores.map((record) => restoredTable(record, plan));
  const notices = restores.flatMap(({ database, table, notices }) =>
    notices.map((notice) => `${database}.${table}: ${notice}.`),
  );
  const allNotes = [...notices, ...restores.flatMap(stillToDo), ...notes];
  const document: Document = [
    headline(
      `Restore of ${counted(restored.length, "table")} finished${plan.clusters === undefined ? "" : ` on the cluster ${plan.clusters.into}`}`,
    ),
    table(
      ["table", "strategy", "partitions", "rows", "replaced table kept as", "until"],
      restored.map((each) => [
        each.target === each.table ? each.table : `${each.target}, a copy of ${each.table}`,
        each.strategy,
        number(each.partitions),
        number(each.rows),
        each.replaced_kept_as ?? "",
        each.undo.until === null ? "" : `${each.undo.until} UTC`,
      ]),
    ),
    ...settled(restores),
    ...notesAndSkipped(allNotes, plan.skipped),
  ];
  return {
    status: "FINISHED",
    run_id: run.runId,
    repository: plan.repository,
    backups_of: plan.clusters?.backupsOf ?? null,
    into: plan.clusters?.into ?? null,
    restored,
    skipped: plan.skipped,
    notes: allNotes,
    markdown: markdown(document),
    ...shown(document),
  };
}

/** What hung on the replaced tables and is as it was. */
function settled(restores: readonly RestoreRecord[]): Document {
  const items = restores.flatMap(({ database, table, affected }) =>
    affected
      .filter(({ statement }) => statement === undefined)
      .map((each) => sentence(affectedText({ database, table }, each))),
  );
  return items.length === 0 ? [] : [note([{ strong: "Also affected:" }]), list(items)];
}

function restoredTable(record: RestoreRecord, plan: RestorePlan) {
  const planned = plan.tables.find(
    (each) => each.database === record.database && each.table === record.table,
  );
  return {
    table: planned === undefined ? tableKey(record) : tableKey(sourceOf(planned)),
    target: tableKey(record),
    strategy: record.strategy,
    snapshots: planned?.parts.map((part) => part.label) ?? [],
    partitions: record.partitions,
    rows: record.rows,
    rows_before: planned?.replaces?.rows ?? null,
    affected: affectedKeys(record),
    replaced_kept_as: record.replacedKeptAs ?? null,
    undo: undoOf(record, planned, plan),
    notices: record.notices,
  };
}

/** `done`: nothing is left to be done by hand. */
function affectedKeys({ affected }: RestoreRecord) {
  return affected.map(({ kind, object, said, statement }) => ({
    ...{ kind, object, said },
    done: statement === undefined,
    statement: statement ?? null,
  }));
}

/** What somebody has to do who may. */
function stillToDo({ database, table, affected }: RestoreRecord): readonly string[] {
  return affected.flatMap((each) =>
    each.statement === undefined
      ? []
      : [`${sentence(affectedText({ database, table }, each))} By hand: ${each.statement};`],
  );
}

/** Until when a restore can be undone, or why it cannot be. `until` is null where that is until somebody drops what is kept. */
function undoOf(record: RestoreRecord, planned: PlannedRestore | undefined, { keepSeconds }: RestorePlan) {
  const outlook = undoOutlook(record, planned, keepSeconds);
  return outlook.kind === "possible"
    ? { possible: true, until: outlook.until ?? null, reason: null }
    : { possible: false, until: null, reason: outlook.reason };
}
