import type { SnapshotMeta } from "./snapshot.ts";
import type { Ttl } from "./ttl.ts";

export type StatusCode =
  | "OK"
  | "NOT_FOUND"
  | "TIMEOUT"
  | "COMMON_ERROR"
  | "OLAP_VERSION_ALREADY_MERGED"
  | "UNSUPPORTED"
  | "BAD_REPLACE";

export type Status = Readonly<{ code: StatusCode; message: string }>;

export const okStatus: Status = { code: "OK", message: "" };

/** `[OK]` or `[CODE, msg: text]` (§3.1). */
export const statusText = (status: Status): string =>
  status.code === "OK" ? "[OK]" : `[${status.code}, msg: ${status.message}]`;

/** A job step's failure that ends the job as CANCELLED. */
export class JobFailure extends Error {
  readonly status: Status;

  constructor(code: StatusCode, message: string) {
    super(message);
    this.status = { code, message };
  }
}

/** An exception no step expects: it is logged, what was done so far stays, and the step is repeated (§2.3). */
export class InternalError extends Error {}

/** An object of the ON list; without partitions: all of them. */
export type JobObject = Readonly<{ name: string; partitions?: readonly string[]; alias?: string }>;

type Common = {
  /** Key of the persisted row; not the JobId shown. */
  readonly id: number;
  /** -1 until the PENDING step ran (§3.1). */
  jobId: number;
  readonly label: string;
  readonly dbId: number;
  readonly dbName: string;
  readonly repository: string;
  readonly objects: readonly JobObject[];
  readonly createTime: number;
  readonly timeoutMs: number;
  snapshotFinishedTime: number | null;
  finishedTime: number | null;
  status: Status;
  taskErrMsg: string;
};

export type BackupState =
  | "PENDING"
  | "SNAPSHOTING"
  | "UPLOAD_SNAPSHOT"
  | "UPLOADING"
  | "SAVE_META"
  | "UPLOAD_INFO"
  | "FINISHED"
  | "CANCELLED";

export type BackupJob = Common & {
  readonly kind: "backup";
  state: BackupState;
  uploadFinishedTime: number | null;
  /** Since 4.2; without it the snapshot is kept forever (§5). */
  readonly ttl?: Ttl;
  meta: SnapshotMeta | undefined;
};

export type RestoreState =
  | "PENDING"
  | "SNAPSHOTING"
  | "DOWNLOAD"
  | "DOWNLOADING"
  | "COMMIT"
  | "COMMITTING"
  | "FINISHED"
  | "CANCELLED";

/** One partition on its way from the snapshot into a target partition. */
export type PartitionMapping = {
  readonly from: number;
  readonly to: number;
  readonly partitionId: number;
  readonly name: string;
  /** False for a partition (or table) the job itself added. */
  readonly existing: boolean;
  moved: boolean;
};

export type TableMapping = {
  readonly tableId: number;
  readonly sourceTableId: number;
  readonly sourceDbId: number;
  readonly created: boolean;
  readonly partitions: PartitionMapping[];
};

export type RestoreJob = Common & {
  readonly kind: "restore";
  state: RestoreState;
  readonly timestamp: string;
  readonly allowLoad: boolean;
  /** RestoreObjs, as of the snapshot's content (§7). */
  readonly shownObjects: string;
  readonly replicationNum: number;
  metaPreparedTime: number | null;
  downloadFinishedTime: number | null;
  tables: TableMapping[];
  createdViews: number[];
  /** What the PENDING step made was in memory only, and is to be made again (§7). */
  redo?: boolean;
};

export type Job = BackupJob | RestoreJob;

export const isDone = (job: Job): boolean => job.state === "FINISHED" || job.state === "CANCELLED";
