import type { Report } from "../../operations/run/kinds.ts";
import { backupReport } from "./backup-report.ts";
import { restoreReport } from "./restore-report.ts";
import { undoReport } from "./undo-report.ts";

/**
 * The result of a flow: stable keys for programs, html for people, and the same as markdown for what sends it on.
 *
 * @param notes what the plan noted beside what is in the catalog
 * @param failOnGaps whether a backup fails that has left out what was asked for
 */
export function renderReport(report: Report, notes: readonly string[], failOnGaps: boolean) {
  switch (report.operation) {
    case "backup":
      return backupReport(report, notes, failOnGaps);
    case "restore":
      return restoreReport(report, notes);
    case "undo":
      return undoReport(report, notes);
  }
}
