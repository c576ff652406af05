import type { BackupRecord } from "../catalog/history.ts";
import type { ManifestCount } from "../catalog/manifest.ts";

/** A manifest with fewer rows than its backup says it has. */
export interface BrokenManifest {
  readonly label: string;
  /** What is missing: `2 of 3 tables and 10 of 12 partitions are there`. */
  readonly there: string;
}

/**
 * Which manifests are not whole: rows of the catalog that somebody removed. Rows that starrocks-br wrote say no numbers.
 *
 * @param counts by label; a label without is one without rows
 */
export function brokenManifests(
  records: readonly Pick<BackupRecord, "label" | "tables" | "partitions">[],
  counts: ReadonlyMap<string, ManifestCount>,
): readonly BrokenManifest[] {
  return records.flatMap(({ label, tables, partitions }) => {
    const found = counts.get(label) ?? { tables: 0, partitions: 0 };
    if (found.tables >= tables && found.partitions >= partitions) return [];
    const there = `${found.tables} of ${tables} tables and ${found.partitions} of ${partitions} partitions are there`;
    return [{ label, there }];
  });
}
