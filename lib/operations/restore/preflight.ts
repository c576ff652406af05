import type { EarlierRestore } from "../../catalog/earlier-restores.ts";
import type { TableDefinition } from "../../catalog/table-definition.ts";
import { BackupError } from "../../errors.ts";
import { tableKey } from "../../planning/live-table.ts";
import type { TableName } from "../../planning/restore/destination.ts";
import { restoreCost } from "../../planning/restore/preflight/cost.ts";
import { definitionDifferences } from "../../planning/restore/preflight/definition-differences.ts";
import { estimateDuration } from "../../planning/restore/preflight/duration.ts";
import { judgeSpace } from "../../planning/restore/preflight/space.ts";
import type {
  Estimate,
  LiveTarget,
  PlannedRestore,
  RestorePlan,
} from "../../planning/restore/restore-plan.ts";
import { definitionOf } from "../../planning/table-definition.ts";
import type { DiskSpace } from "../../starrocks/observe/nodes.ts";
import type { Surroundings } from "../../starrocks/observe/surroundings.ts";
import type { ViewDefinition } from "../../starrocks/observe/views.ts";
import type { LiveTable } from "./live-targets.ts";

/**
 * What a restore costs.
 *
 * @param disks of the live backends; undefined where they cannot be seen
 * @param earlier restores of the cluster that is restored into
 */
export function estimateOf(
  tables: readonly PlannedRestore[],
  disks: readonly DiskSpace[] | undefined,
  earlier: readonly EarlierRestore[],
): Estimate {
  const cost = restoreCost(tables);
  const duration = estimateDuration(cost.downloadBytes, earlier);
  return { ...cost, space: judgeSpace(cost, disks), duration };
}

/** @throws {BackupError} `NOT_ENOUGH_SPACE` when not even what is restored has room on the backends */
export function checkSpace({ estimate }: RestorePlan): void {
  if (estimate?.space.kind !== "impossible") return;
  throw new BackupError({
    code: "NOT_ENOUGH_SPACE",
    message: `What is restored takes ${estimate.keptBytes} bytes on the backends, all replicas counted; ${estimate.space.availableBytes} are free.`,
    next: "Free space (cleanup drops what earlier restores keep), add backends, or restore fewer tables or partitions.",
  });
}

/** What reads a table and loads into it, where there is anything. */
export function affectedBy(
  table: TableName,
  { views, plainViews, loads }: Surroundings,
): Pick<LiveTarget, "views" | "plainViews" | "loads"> {
  const over = (all: readonly ViewDefinition[]) => all.filter((view) => view.reads(table)).map(tableKey);
  const into = loads
    .filter((each) => tableKey(each) === tableKey(table))
    .map(({ database, name }) => `${database}.${name}`);
  const named = { views: over(views), plainViews: over(plainViews), loads: into };
  return Object.fromEntries(Object.entries(named).filter(([, names]) => names.length > 0));
}

/** How the restored table will differ from the live one, where the backup says how it was defined. */
export function differing(
  then: TableDefinition | undefined,
  now: LiveTable | undefined,
): Pick<LiveTarget, "differences"> {
  if (then === undefined || now === undefined) return {};
  return { differences: definitionDifferences(then, definitionOf(now.config, now.columns)) };
}
