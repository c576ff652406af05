/** Every code an error of this project carries, by what it is about; `docs/errors.md` says what to do about each. */
export const errorCodes = [
  // What was asked for.
  "INVALID_INPUT",
  "UNKNOWN_GROUP",
  "EMPTY_GROUP",
  "GROUP_NEEDED",
  "LABEL_OF_OTHER_GROUP",
  "UNKNOWN_LABEL",
  "UNKNOWN_BASELINE",
  "NO_BASELINE",
  "BASELINE_GONE",
  "BASELINE_ELSEWHERE",
  "LABEL_TAKEN",
  "NO_RESTORE_POINT",
  "TABLE_NOT_IN_RESTORE_POINT",
  "NOTHING_TO_RESTORE",
  "SEVERAL_REPOSITORIES",
  "SNAPSHOT_MISSING",
  "CHAIN_BROKEN",
  "NOT_A_TABLE",
  "TARGET_TAKEN",
  "TARGET_MISSING",
  "TARGET_CHANGED",
  "PARTITION_UNKNOWN",
  "PARTITION_UNFIT",
  // The catalog.
  "CATALOG_MISSING",
  "CATALOG_OUTDATED",
  "CATALOG_NEWER",
  "CATALOG_CHANGING",
  "REPLICATION_UNKNOWN",
  "PLAN_TOO_LARGE",
  // A run.
  "UNKNOWN_RUN",
  "RUN_UNREADABLE",
  "RUN_NOT_OVER",
  "RUN_TOO_LONG",
  "RUN_NEVER_BEGAN",
  "RUN_LOST",
  "CANCELLED",
  "BACKUP_FAILED",
  "BACKUP_HAS_GAPS",
  "RESTORE_FAILED",
  "ALREADY_CLAIMED",
  "NOT_APPROVED",
  "BACKUPS_ELSEWHERE",
  "PLAN_CHANGED",
  "PLAN_OUTDATED",
  "NOT_TEMPORARY",
  "PARTITIONS_MISSING",
  "MANIFEST_INCOMPLETE",
  "PARTITION_NOT_REPEATABLE",
  "MERGE_MISMATCH",
  // The way to the cluster.
  "CLUSTER_UNREACHABLE",
  "LOGIN_REFUSED",
  "TLS_NOT_OFFERED",
  "TLS_FAILED",
  "CERTIFICATE_NOT_TRUSTED",
  "CA_CERTIFICATE_UNUSABLE",
  "CLIENT_CERTIFICATE_UNUSABLE",
  "CLIENT_CERTIFICATE_REFUSED",
  "NOT_STARROCKS",
  // What StarRocks says.
  "ACCESS_DENIED",
  "UNKNOWN_DATABASE",
  "UNKNOWN_TABLE",
  "NO_REPOSITORY",
  "UNKNOWN_REPOSITORY",
  "REPOSITORY_READ_ONLY",
  "REPOSITORY_UNHEALTHY",
  "NO_LIVE_BACKEND",
  "SUBMIT_LOCK_BUSY",
  "JOB_RUNNING",
  "TEMPORARY_PARTITIONS",
  "STATEMENT_REFUSED",
  "STARROCKS_REFUSED",
  "UNEXPECTED_RESULT",
  // Windmill.
  "REJECTED",
  "APPROVAL_TIMED_OUT",
  "RESOURCE_MISSING",
  "VARIABLE_MISSING",
  "STEP_KILLED",
  "STEP_FAILED",
  // Neither.
  "INTERNAL",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

const known: ReadonlySet<string> = new Set(errorCodes);

/** A code that was read, from a row or from what a step has thrown; what is none of ours is a step that failed. */
export function errorCode(text: string): ErrorCode {
  return known.has(text) ? (text as ErrorCode) : "STEP_FAILED";
}
