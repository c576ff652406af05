import type { Duck } from "../duckdb/duck.ts";
import type { Catalog } from "../metadata/catalog.ts";
import type { IdIntervals } from "../metadata/id-intervals.ts";
import type { PhysicalPartition } from "../metadata/model.ts";

/** What the storage needs of the cluster it belongs to, which stands above it. */
export interface StorageHost {
  readonly duck: Duck;
  readonly catalog: Catalog;
  readonly knobs: { readonly staleStatistics: boolean };
  readonly idIntervals: IdIntervals;
  now(): number;
  newTxnId(): number;
  newPhysicalPartition(): PhysicalPartition;
  /** Rows and metadata change in one transaction, or not at all. */
  change<T>(work: () => Promise<T>): Promise<T>;
}
