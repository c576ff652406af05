import type { RestorePlanned } from "../../operations/restore/plan.ts";
import type { PlannedRestore } from "../../planning/restore/plan.ts";
import { counted, number, size } from "./amounts.ts";
import { type Block, type Document, headline, list, paragraph, table } from "./document.ts";
import { html } from "./html.ts";
import { notesAndSkipped } from "./notes.ts";
import { shown } from "./shown.ts";

/** The result of planning a restore: what the next step needs, and what an approver reads (`description`). */
export function renderRestorePlan(planned: RestorePlanned, dryRun: boolean) {
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

function documentOf({ plan, notes, runId, planHash }: RestorePlanned, dryRun: boolean): Document {
  const bytes = plan.tables.reduce((sum, each) => sum + each.bytes, 0);
  return [
    headline(
      `Restore of ${counted(plan.tables.length, "table")} from repository ${plan.repository}, ${size(bytes)}`,
    ),
    ...(dryRun ? [paragraph("A dry run: nothing was written, and nothing is restored.")] : []),
    list(plan.tables.map((each) => [{ strong: nameOf(each) }, `: ${state(each)} (${each.label})`])),
    paragraph(
      "Everything is restored into temporary tables first; each table is then published by one atomic statement. Nothing else is touched. Table-level grants stay with the replaced table.",
    ),
    ...notesAndSkipped(notes, plan.skipped),
    replaced(plan.tables),
    sequence(plan.tables),
    // Enough of the hash to compare by eye: what is approved is this plan and no other.
    paragraph(`${runId === undefined ? "" : `Run ${runId}, `}plan ${planHash.slice(0, 12)}`),
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

function replaced(tables: readonly PlannedRestore[]): Block {
  return table(
    ["table", "strategy", "restores", "replaces", "replaced kept as"],
    tables.map((each) => [
      nameOf(each),
      each.strategy,
      counted(each.partitions, "partition"),
      each.replaces
        ? `${counted(each.replaces.partitions, "partition")}, about ${counted(each.replaces.rows, "row")}`
        : "no live table",
      each.replaces?.keptAs ?? "",
    ]),
  );
}

function sequence(tables: readonly PlannedRestore[]): Block {
  return table(
    ["table", "step", "snapshot", "partitions", "size", "into"],
    tables.flatMap((each) =>
      each.parts.map((part, index) => [
        nameOf(each),
        String(index + 1),
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
