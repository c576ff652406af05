import type { ColumnDefault, KeysType } from "../sql/create-table.ts";
import type { Bound } from "../sql/partition-by.ts";
import type { TypeName } from "../sql/query-ast.ts";
import type { TableIndex } from "../sql/table-index.ts";

export type Column = Readonly<{
  name: string;
  type: TypeName;
  key: boolean;
  nullable: boolean;
  aggregation?: string;
  default?: ColumnDefault;
  autoIncrement?: boolean;
  /** Expression of a generated column, as written. */
  generated?: string;
  comment: string;
}>;

export type Distribution = Readonly<{ kind: "HASH" | "RANDOM"; columns: readonly string[]; buckets: number }>;

/** How automatic partitions come to be: a truncation of the column, or one partition per value. */
export type AutomaticRange = Readonly<{ unit: string; fn: string; text: string; every?: number }>;

export type Partitioning =
  | Readonly<{ kind: "none" }>
  | Readonly<{ kind: "range"; columns: readonly string[]; automatic?: AutomaticRange }>
  | Readonly<{ kind: "list"; columns: readonly string[]; automatic: boolean }>;

export type PartitionValues =
  | Readonly<{ kind: "none" }>
  | Readonly<{ kind: "range"; lower: Bound; upper: Bound }>
  | Readonly<{ kind: "list"; items: readonly (readonly (string | null)[])[]; multi: boolean }>;

/** What a version is attached to; its id is PARTITION_ID in every listing (starrocks.md §9.1). */
export type PhysicalPartition = {
  id: number;
  visibleVersion: number;
  nextVersion: number;
  visibleVersionTime: number;
  dataVersion: number;
  versionEpoch: string;
  txnType: string;
  rows: number;
  bytes: number;
};

export type StorageMedium = "HDD" | "SSD";

export type Partition = {
  readonly id: number;
  readonly tableId: number;
  name: string;
  readonly values: PartitionValues;
  temporary: boolean;
  replicationNum: number;
  /** (Default: HDD, as in states and snapshots of before) */
  storageMedium?: StorageMedium;
  buckets: number;
  physical: PhysicalPartition[];
};

/** What BACKUP calls the table's type (§1.5); behind all but the first two there is nothing to read. */
export type Engine = "OLAP" | "MATERIALIZED_VIEW" | "CLOUD_NATIVE" | "MYSQL" | "JDBC";

export const isExternal = ({ engine }: Table): boolean => engine === "MYSQL" || engine === "JDBC";

export type MaterializedDefinition = {
  readonly sql: string;
  /** As written: `REFRESH DEFERRED MANUAL`. */
  readonly refresh: string;
  /** Ids of the tables it reads; a swapped or renamed one makes it inactive (§11). */
  baseTables: number[];
  /** Empty: active. */
  inactiveReason: string;
};

export type TableState = "NORMAL" | "RESTORE";

/** A job that `SHOW ALTER TABLE COLUMN` lists. */
export type SchemaChange = {
  readonly jobId: number;
  readonly tableId: number;
  /** As the table was called then. */
  readonly tableName: string;
  readonly txnId: number;
  /** Of the base index; grows by one. */
  readonly schemaVersion: number;
  readonly finishedAt: number;
};

export type Table = {
  readonly kind: "table";
  readonly id: number;
  dbId: number;
  name: string;
  keysType: KeysType;
  columns: Column[];
  sortKey: string[];
  partitioning: Partitioning;
  distribution: Distribution;
  replicationNum: number;
  comment: string;
  properties: Record<string, string>;
  state: TableState;
  createTime: number;
  nextAutoIncrement: number;
  engine: Engine;
  /** Secondary indexes; undefined: none. */
  indexes?: TableIndex[];
  /** Of a materialized view. */
  materialized?: MaterializedDefinition;
};

export type View = {
  readonly kind: "view";
  readonly id: number;
  dbId: number;
  name: string;
  sql: string;
  /** Columns of what it reads, by name as written, when it was made: a star means these for ever. */
  reads: Readonly<Record<string, readonly string[]>>;
  columns: Column[];
  comment: string;
  createTime: number;
};

export type Relation = Table | View;

export type Database = { readonly id: number; name: string; schemaChanges: SchemaChange[] };

export type LoadLabel = {
  readonly id: number;
  readonly dbId: number;
  readonly label: string;
  readonly table: string;
  readonly type: string;
  state: "PREPARED" | "FINISHED" | "CANCELLED";
  txnId: number;
  rows: number;
  createTime: number;
  finishTime: number | null;
};

/** Columns that an automatic list of expressions is made by (§10). */
export const generatedKeyPrefix = "__generated_partition_column_";

export const shadowPartition = "$shadow_automatic_partition";

export type NamedValues = Readonly<{ name: string; ifNotExists: boolean; values: PartitionValues }>;
