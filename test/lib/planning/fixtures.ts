import type { BackupRecord } from "../../../lib/catalog/history.ts";
import type { ManifestPartition, ManifestTable } from "../../../lib/catalog/manifest.ts";
import type { LiveTable } from "../../../lib/planning/live-table.ts";
import type { PhysicalPartition } from "../../../lib/starrocks/observe/partitions.ts";

export function physical(change: Partial<PhysicalPartition> = {}): PhysicalPartition {
  return {
    database: "sales",
    table: "orders",
    partition: "p1",
    id: "100",
    visibleVersion: "2",
    nextVersion: "3",
    visibleSeconds: "1000",
    versionEpoch: "77",
    value: "[types: [DATE]; keys: [2025-01-01]; ..types: [DATE]; keys: [2025-01-02]; )",
    replicationNum: 1,
    buckets: 1,
    storageMedium: "HDD",
    rows: 10,
    bytes: 1000,
    temporary: false,
    ...change,
  };
}

/** A table whose partitions are given by name and fingerprint. */
export function live(
  partitions: Readonly<Record<string, string>>,
  change: Partial<LiveTable> = {},
): LiveTable {
  return {
    database: "sales",
    table: "orders",
    schemaHash: "s1",
    partitionKind: "range",
    automatic: false,
    replicationNum: 1,
    unmakeable: new Map(),
    uncertainGranularity: undefined,
    partitions: new Map(
      Object.entries(partitions).map(([partition, fingerprint]) => [
        partition,
        { partition, fingerprint, rows: 10, bytes: 100, value: "" },
      ]),
    ),
    ...change,
  };
}

export function manifestTable(label: string, change: Partial<ManifestTable> = {}): ManifestTable {
  return {
    label,
    database: "sales",
    table: "orders",
    content: "whole",
    schemaHash: "s1",
    partitionKind: "range",
    automatic: false,
    replicationNum: 1,
    ...change,
  };
}

export function held(label: string, partition: string, fingerprint = "f", bytes = 100): ManifestPartition {
  return {
    label,
    database: "sales",
    table: "orders",
    partition,
    presence: "held",
    fingerprint,
    rows: 10,
    bytes,
    value: undefined,
  };
}

export function dropped(label: string, partition: string): ManifestPartition {
  return { ...held(label, partition, "", 0), presence: "dropped", rows: 0 };
}

export function record(label: string, change: Partial<BackupRecord> = {}): BackupRecord {
  return {
    label,
    runId: `backup_${label}`,
    group: "critical",
    database: "sales",
    type: "full",
    status: "FINISHED",
    repository: "repo",
    baseline: undefined,
    snapshotTimestamp: "2025-01-01-00-00-00-000",
    startedAt: "2025-01-01 00:00:00",
    finishedAt: "2025-01-01 00:10:00",
    cutFrom: "2025-01-01 00:00:00",
    cutTo: "2025-01-01 00:00:05",
    tables: 1,
    partitions: 2,
    rows: 20,
    bytes: 200,
    error: undefined,
    part: 1,
    parts: 1,
    attempt: 1,
    leftOut: [],
    progressMark: undefined,
    stillSeconds: 0,
    ...change,
  };
}
