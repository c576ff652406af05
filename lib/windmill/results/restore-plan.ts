import type { Planned } from "../../operations/step/plan-once.ts";
import type { Amount } from "../../planning/live-table.ts";
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
    rows: planned.rows,
    bytes: planned.bytes,
    lost: losses(planned),
    replaces: planned.replaces
      ? {
          partitions: planned.replaces.partitions,
          rows: planned.replaces.rows,
          bytes: planned.replaces.bytes,
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
      "Everything is restored into temporary tables first; each table is then published by one atomic statement. Other tables are not touched. Table-level grants stay with the replaced table, and materialized views on a replaced table become inactive until StarRocks activates them again.",
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
  const { label, replaces } = planned;
  const replaced =
    replaces === undefined
      ? "There is no live table of that name now."
      : `It replaces ${holds(replaces)}, kept as ${replaces.keptAs}.`;
  const scheduled =
    replaces?.scheduled === true
      ? " What adds and drops its partitions by itself is off while it is restored, and on again only if that drops nothing restored."
      : "";
  const lost = losses(planned).map((each) => ` ${each}`);
  const restored = `${state(planned)}, ${holds(planned)}, from ${label}`;
  return [{ strong: nameOf(planned) }, `: ${restored}. ${replaced}${scheduled}${lost.join("")}`];
}

/** What the replaced table has and the restored one will not have. */
function losses({ replicationNum, replaces }: PlannedRestore): readonly string[] {
  const { colocatedWith, replicas } = replaces ?? {};
  return [
    ...(colocatedWith === undefined
      ? []
      : [
          `The restored table is in no colocation group, unless StarRocks is told to keep it (enable_colocate_restore): put it back into ${colocatedWith} afterwards.`,
        ]),
    ...(replicas === undefined
      ? []
      : [
          `Its partitions have ${replicas[0]} to ${replicas[1]} replicas now: each restored one gets ${replicationNum}.`,
        ]),
  ];
}

/** Rows are StarRocks' estimate, which lags some minutes. */
function holds({ partitions, rows, bytes }: Amount): string {
  return `${counted(partitions, "partition")} with about ${counted(rows, "row")} (${size(bytes)})`;
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
