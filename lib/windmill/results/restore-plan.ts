import { secondsBetween } from "../../instants.ts";
import type { Planned } from "../../operations/step/plan-once.ts";
import { type Amount, tableKey } from "../../planning/live-table.ts";
import {
  type PlannedRestore,
  type RestorePlan,
  sourceOf,
  type TwoClusters,
} from "../../planning/restore/restore-plan.ts";
import { age } from "./age.ts";
import { counted, duration, number, size } from "./amounts.ts";
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
    asked_for: plan.askedFor ?? null,
    repository: plan.repository,
    backups_of: plan.clusters?.backupsOf ?? null,
    into: plan.clusters?.into ?? null,
    tables: plan.tables.map((planned) => summary(planned, plan)),
    keep_replaced_seconds: plan.keepSeconds ?? null,
    skipped: plan.skipped,
    notes: planned.notes,
    description: { html: html(document) },
    ...shown(document),
  };
}

function summary(planned: PlannedRestore, plan: RestorePlan) {
  return {
    table: tableKey(sourceOf(planned)),
    target: tableKey(planned),
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
    only: planned.only ?? null,
    rows: planned.rows,
    bytes: planned.bytes,
    lost: losses(planned),
    replaces: planned.replaces
      ? {
          partitions: planned.replaces.partitions,
          rows: planned.replaces.rows,
          bytes: planned.replaces.bytes,
          kept_as: plan.keepSeconds === 0 ? null : planned.replaces.keptAs,
          materialized_views: planned.replaces.views ?? [],
        }
      : null,
  };
}

function documentOf({ plan, notes, runId, planHash }: Planned<RestorePlan>, dryRun: boolean): Document {
  const bytes = plan.tables.reduce((sum, each) => sum + each.bytes, 0);
  return [
    headline(
      `Restore of ${counted(plan.tables.length, "table")} from repository ${plan.repository}, ${size(bytes)}${plan.clusters === undefined ? "" : `, into the cluster ${plan.clusters.into}`}`,
    ),
    ...(dryRun ? [paragraph("A dry run: nothing was written, and nothing is restored.")] : []),
    ...(plan.clusters === undefined ? [] : [paragraph(elsewhere(plan.clusters))]),
    ...(plan.askedFor === undefined
      ? []
      : [paragraph(`Asked for: the newest state at or before ${plan.askedFor} UTC.`)]),
    list(plan.tables.map((planned) => change(planned, plan))),
    paragraph(procedure(plan.tables)),
    ...notesAndSkipped(notes, plan.skipped),
    sequence(plan.tables),
    ...storedAs(
      runId,
      planHash,
      "Nothing has been changed yet: it begins when this plan is approved (outside a flow, by the script restore).",
    ),
  ];
}

/** What an approver has to know of two clusters: of which one the plan speaks, and where the run is. */
function elsewhere({ backupsOf, into }: TwoClusters): string {
  return `The backups are those of the cluster ${backupsOf}, which is only read. What is replaced or made below is on the cluster ${into}: the run is in its catalog, and status and cancel find it there.`;
}

/** How it goes; what is said of grants and views is true of replaced tables only. */
function procedure(tables: readonly PlannedRestore[]): string {
  const first = "Everything is restored into temporary tables first.";
  const replaced = tables.some((each) => each.replaces !== undefined && each.only === undefined)
    ? " Table-level grants stay with the replaced table."
    : "";
  const published = tables.every((each) => each.only !== undefined && each.source === undefined)
    ? " The partitions of a table are then replaced by one atomic statement."
    : " Each table is then published by one atomic statement.";
  return `${first}${published} Other tables are not touched.${replaced}`;
}

/**
 * Partitions that the backup found unchanged are as they were listed, copied ones as they were when the job fixed their
 * versions: seconds later, or hours where another job was in the way.
 */
function state({ cutFrom, cutTo }: PlannedRestore, askedFor: string | undefined): string {
  const before =
    askedFor === undefined ? "" : `, ${age(secondsBetween(cutTo, askedFor))} before the time asked for`;
  if (cutFrom === "" || cutFrom === cutTo) return `the state of ${cutTo} UTC${before}`;
  const [day = ""] = cutFrom.split(" ");
  return `the state between ${cutFrom} and ${cutTo.replace(`${day} `, "")} UTC${before}`;
}

/** What will be live, and what becomes of what is live now. All of it in one column: on a phone a table is cut off. */
function change(planned: PlannedRestore, plan: RestorePlan): Line {
  const { label, replaces, source } = planned;
  const scheduled =
    replaces?.scheduled === true && planned.only === undefined
      ? " What adds and drops its partitions by itself is off while it is restored, and on again only if that drops nothing restored."
      : "";
  const lost = losses(planned).map((each) => ` ${each}`);
  const restored = `${state(planned, plan.askedFor)}, ${holds(planned)}, from ${label}`;
  const from = source === undefined ? "" : `, a copy of ${tableKey(source)}`;
  return [
    { strong: tableKey(planned) },
    `${from}: ${restored}. ${outcome(planned, plan)}${scheduled}${inactive(planned)}${lost.join("")}`,
  ];
}

/** What becomes of what is live now. */
function outcome(
  { replaces, source, only, database, table }: PlannedRestore,
  { keepSeconds }: RestorePlan,
): string {
  const kept = keepSeconds === undefined ? "" : ` for ${duration(keepSeconds)}`;
  if (source !== undefined) return `${database}.${table} is new; ${tableKey(source)} is not touched.`;
  if (only !== undefined && replaces !== undefined) {
    const missing = only.length - replaces.partitions;
    const again = missing > 0 ? ` ${counted(missing, "partition")} of them are gone now and come back.` : "";
    const before = keepSeconds === 0 ? "which is not kept" : `kept in ${replaces.keptAs}${kept}`;
    return `Only ${partitionList(only)}: they replace ${holds(replaces)}, ${before}. The table itself, its grants and its other partitions stay.${again}`;
  }
  if (replaces === undefined) return "There is no live table of that name now.";
  if (keepSeconds === 0)
    return `It replaces ${holds(replaces)}, dropped as soon as the restored table is live and checked.`;
  return `It replaces ${holds(replaces)}, kept as ${replaces.keptAs}${kept}.`;
}

/** Materialized views go by a table's id (starrocks.md §11). */
function inactive({ replaces, only }: PlannedRestore): string {
  if (replaces?.views === undefined || only !== undefined) return "";
  return ` ${counted(replaces.views.length, "materialized view")} over it (${replaces.views.join(", ")}) will be inactive until StarRocks activates ${replaces.views.length === 1 ? "it" : "them"} again, or somebody does.`;
}

const mostNamed = 20;

function partitionList(names: readonly string[]): string {
  const more = names.length - mostNamed;
  const shown = names.slice(0, mostNamed).join(", ");
  return `${names.length === 1 ? "partition" : "partitions"} ${shown}${more > 0 ? ` and ${number(more)} more` : ""}`;
}

/** What the replaced table has and the restored one will not have. */
function losses({ replicationNum, replaces, only }: PlannedRestore): readonly string[] {
  // The live table stays the one it is.
  if (only !== undefined) return [];
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
        tableKey(each),
        part.label,
        number(part.partitions),
        size(part.bytes),
        part.as,
      ]),
    ),
  );
}
