import type { Catalog } from "../../catalog/catalog.ts";
import { readFinishedBackups } from "../../catalog/history.ts";
import { readManifests } from "../../catalog/manifest.ts";
import { BackupError } from "../../errors.ts";
import { chain, coveredTables } from "../../planning/coverage.ts";
import { tableKey } from "../../planning/live-table.ts";
import { planHash } from "../../planning/plan-hash.ts";
import { reduced } from "../../planning/restore/partition-choice.ts";
import {
  type PlannedRestore,
  partitionsByLabel,
  type RestorePart,
  sourceOf,
} from "../../planning/restore/restore-plan.ts";
import { scopesOf } from "./resolve.ts";

/** A table's part of one snapshot, and the partitions it has to have, sorted. */
export interface PartPartitions {
  readonly planned: PlannedRestore;
  readonly part: RestorePart;
  readonly names: readonly string[];
}

/**
 * Rebuilds from the manifests which partitions some tables get from one snapshot, and checks them against what was planned
 * and approved.
 *
 * @throws {BackupError} `PLAN_OUTDATED` when the manifests say something else by now
 */
export async function readPartPartitions(
  catalog: Catalog,
  label: string,
  tables: readonly PlannedRestore[],
): Promise<readonly PartPartitions[]> {
  const { rows: records } = await readFinishedBackups(catalog);
  const finished = new Map(records.map((record) => [record.label, record]));
  const labels = [...new Set(tables.flatMap((planned) => chain(planned.label, finished)))];
  const manifests = await readManifests(catalog, labels, scopesOf(tables.map(sourceOf)));
  return tables.map((planned) => {
    const part = planned.parts.find((candidate) => candidate.label === label);
    const covered = coveredTables(chain(planned.label, finished), manifests.tables, manifests.partitions);
    const table = covered.tables.get(tableKey(sourceOf(planned)));
    if (part === undefined || table === undefined) throw planOutdated(planned);
    const wanted = reduced(table, planned.only);
    const names = (partitionsByLabel(wanted).get(label) ?? []).map(({ partition }) => partition).sort();
    if (planHash(names) !== part.partitionsHash) throw planOutdated(planned);
    return { planned, part, names };
  });
}

function planOutdated(planned: PlannedRestore): BackupError {
  return new BackupError({
    code: "PLAN_OUTDATED",
    message: `The manifests of ${tableKey(planned)} are no longer those the plan was made from.`,
    next: "Plan the restore again.",
  });
}
