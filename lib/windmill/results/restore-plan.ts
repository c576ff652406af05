import { secondsBetween } from "../../instants.ts";
import type { Planned } from "../../operations/step/plan-once.ts";
import { type Amount, tableKey } from "../../planning/live-table.ts";
import { affectedText, expectedEffects } from "../../planning/restore/affected.ts";
import {
  type PlannedRestore,
  type RestorePlan,
  sourceOf,
  type TwoClusters,
} from "../../planning/restore/restore-plan.ts";
import { sentence } from "../../sentence.ts";
import { age } from "./age.ts";
import { counted, duration, number, size } from "./amounts.ts";
import { type Document, headline, type Line, list, note, paragraph, table } from "./document.ts";
import { costs, estimateKeys } from "./estimate.ts";
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
    all_or_nothing: plan.allOrNothing === true,
    estimate: plan.estimate === undefined ? null : estimateKeys(plan.estimate),
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
    lost: expectedEffects(planned)
      .filter(({ kind, object }) => kind === "property" && object === "replication_num")
      .map((each) => sentence(`${each.said.slice(0, 1).toUpperCase()}${each.said.slice(1)}`)),
    affected: expectedEffects(planned),
    replaces: planned.replaces
      ? {
          partitions: planned.replaces.partitions,
          rows: planned.replaces.rows,
          bytes: planned.replaces.bytes,
          kept_as: plan.keepSeconds === 0 ? null : planned.replaces.keptAs,
          materialized_views: planned.replaces.views ?? [],
          views: planned.replaces.plainViews ?? [],
          routine_loads: planned.replaces.loads ?? [],
          differences: planned.replaces.differences ?? null,
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
    ...effects(plan.tables),
    ...notesAndSkipped(notes, plan.skipped),
    paragraph(procedure(plan)),
    ...(plan.estimate === undefined ? [] : [paragraph(costs(plan.estimate))]),
    paragraph(wayBack(plan)),
    ...sequence(plan.tables),
    ...storedAs(
      runId,
      planHash,
      "Nothing has been changed yet: it begins when this plan is approved (outside a flow, by the script restore).",
    ),
  ];
}

/** What hangs on the tables that are replaced. */
function effects(tables: readonly PlannedRestore[]): Document {
  const items = tables.flatMap((planned) =>
    expectedEffects(planned).map((each): Line => sentence(affectedText(planned, each))),
  );
  return items.length === 0 ? [] : [note([{ strong: "Also affected:" }]), list(items)];
}

/** How to get back what was replaced. */
function wayBack({ tables, keepSeconds }: RestorePlan): string {
  if (tables.every(({ replaces }) => replaces === undefined))
    return "Nothing is replaced: what is restored can be dropped when it is not wanted.";
  if (keepSeconds === 0) return "There is no way back: what is replaced is not kept.";
  const until =
    keepSeconds === undefined ? "as long as it is kept" : `for ${duration(keepSeconds)} after it is live`;
  return `The way back: the flow undo with the run below, ${until}.`;
}

/** What an approver has to know of two clusters: of which one the plan speaks, and where the run is. */
function elsewhere({ backupsOf, into }: TwoClusters): string {
  return `The backups are those of the cluster ${backupsOf}, which is only read. What is replaced or made below is on the cluster ${into}: the run is in its catalog, and status and cancel find it there.`;
}

/** How it goes. */
function procedure({ tables, allOrNothing }: RestorePlan): string {
  const published = tables.every((each) => each.only !== undefined && each.source === undefined)
    ? "the partitions of a table are replaced by one atomic statement"
    : "each table is made live by one atomic statement";
  const together =
    allOrNothing === true
      ? " All or nothing: no table becomes live unless all can, and those that are live are taken back when one fails."
      : "";
  return `Everything is restored into temporary tables and checked; then ${published}. Other tables are not touched.${together}`;
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
  const differences = replaces?.differences ?? [];
  const changed = differences.length === 0 ? "" : ` Its definition changes: ${listed(differences)}.`;
  const restored = `${state(planned, plan.askedFor)}, ${holds(planned)}, from ${label}`;
  const from = source === undefined ? "" : `, a copy of ${tableKey(source)}`;
  return [{ strong: tableKey(planned) }, `${from}: ${restored}. ${outcome(planned, plan)}${changed}`];
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

const mostNamed = 20;

function partitionList(names: readonly string[]): string {
  const more = names.length - mostNamed;
  const shown = names.slice(0, mostNamed).join(", ");
  return `${names.length === 1 ? "partition" : "partitions"} ${shown}${more > 0 ? ` and ${number(more)} more` : ""}`;
}

/** Rows are StarRocks' estimate, which lags some minutes. */
function holds({ partitions, rows, bytes }: Amount): string {
  return `${counted(partitions, "partition")} with about ${counted(rows, "row")} (${size(bytes)})`;
}

/** Which snapshot gives what, where that is more than a table each; the whole is in the keys beside. */
function sequence(tables: readonly PlannedRestore[]): Document {
  const rows = tables.flatMap((each) =>
    each.parts.map((part) => [
      tableKey(each),
      part.label,
      number(part.partitions),
      size(part.bytes),
      part.as,
    ]),
  );
  const rest = rows.length - mostParts;
  const more = rest > 0 ? [`… and ${number(rest)} more (in the result's snapshots)`] : [];
  return [table(["table", "snapshot", "partitions", "size", "into"], rows.slice(0, mostParts), more)];
}

const mostParts = 12;
const mostDifferences = 5;

function listed(differences: readonly string[]): string {
  const more = differences.length - mostDifferences;
  const shown = differences.slice(0, mostDifferences).join("; ");
  return more > 0 ? `${shown}; and ${number(more)} more` : shown;
}
