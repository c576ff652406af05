import type { Partition, Table, View } from "./model.ts";

/** The REPOSITORY object of one cluster: a name for a place in the object store (§8). */
export type Repository = Readonly<{
  id: number;
  name: string;
  location: string;
  readOnly: boolean;
  createTime: number;
}>;

/** What BACKUP fixed in its PENDING step: definitions and versions (§2.2). */
export type SnapshotMeta = Readonly<{
  label: string;
  database: string;
  databaseId: number;
  createTime: number;
  /** Recorded since 4.2 (§5). */
  clusterId?: string;
  /** When its ttl ends (§5). */
  expireTime?: number;
  tables: readonly Readonly<{ table: Table; partitions: readonly Partition[] }>[];
  views: readonly View[];
}>;
