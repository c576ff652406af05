import type { CleanupEntry, CleanupResult } from "../../operations/cleanup/cleanup.ts";
import { age } from "./age.ts";
import { counted, size } from "./amounts.ts";
import { type Document, headline, note, paragraph, table } from "./document.ts";
import { shown } from "./shown.ts";

/** What restores keep and have left behind, and what has become of it. */
export function renderCleanup(result: CleanupResult) {
  return {
    dry_run: result.dryRun,
    tables: result.entries.map((entry) => ({
      table: entry.table,
      what: entry.leftover.kind,
      of: entry.leftover.kind === "untouched" ? null : entry.leftover.of,
      run_id: entry.runId ?? null,
      age_seconds: entry.ageSeconds ?? null,
      rows: entry.rows,
      bytes: entry.bytes,
      keep_until: entry.leftover.kind === "untouched" ? null : (entry.leftover.until ?? null),
      outcome: entry.outcome,
      reason: entry.reason ?? null,
    })),
    not_found: result.notFound,
    notes: result.unreadable,
    ...shown(documentOf(result)),
  };
}

function documentOf({ entries, notFound, unreadable, dryRun }: CleanupResult): Document {
  const meant = entries.filter(({ outcome }) => outcome === "dropped" || outcome === "due");
  const bytes = meant.reduce((sum, each) => sum + each.bytes, 0);
  const doing = dryRun ? "would be dropped" : "dropped";
  return [
    headline(`Cleanup: ${counted(meant.length, "table")} ${doing}, ${size(bytes)}`),
    ...(dryRun ? [paragraph("A dry run: nothing was dropped.")] : []),
    ...(notFound.length === 0
      ? []
      : [note(`Not there, or nothing a restore makes: ${notFound.join(", ")}.`)]),
    ...unreadable.map((each) => note(`Note: ${each}`)),
    entries.length === 0
      ? paragraph("Restores have left nothing, and keep nothing.")
      : table(
          ["table", "what it is", "age", "size", "outcome"],
          entries.map((entry) => [
            entry.table,
            what(entry),
            entry.ageSeconds === undefined ? "" : age(entry.ageSeconds),
            size(entry.bytes),
            outcome(entry),
          ]),
        ),
  ];
}

function what({ leftover }: CleanupEntry): string {
  switch (leftover.kind) {
    case "replaced":
      return `kept of the restore of ${leftover.of}`;
    case "copy":
      return `what replaced partitions of ${leftover.of} held`;
    case "temporary":
      return `left over from the restore of ${leftover.of}`;
    case "untouched":
      return "not ours to drop";
  }
}

function outcome({ outcome, leftover, reason }: CleanupEntry): string {
  switch (outcome) {
    case "dropped":
      return "dropped";
    case "due":
      return "would be dropped";
    case "failed":
      return `not dropped: ${reason ?? ""}`;
    case "kept":
      if (reason !== undefined) return `not touched: ${reason}`;
      return leftover.kind !== "untouched" && leftover.until !== undefined
        ? `kept until ${leftover.until} UTC`
        : "kept: its time is not over";
  }
}
