import { digest } from "../../digest.ts";
import { optionalText, text } from "../row.ts";
import type { Row, Session } from "../session.ts";
import { showBackupStatement } from "../statements/backup.ts";
import { showRestoreStatement } from "../statements/restore.ts";

/** The one backup or restore job that StarRocks remembers for a database. */
export interface Job {
  readonly label: string;
  readonly database: string;
  readonly state: string;
  readonly phase: "running" | "finished" | "cancelled";
  /** `id@createTime`: tells this job from an earlier one with the same label. The id is -1 before PENDING ran. */
  readonly identity: string;
  /** True once the versions that go into the snapshot are fixed, which the job's PENDING step does. */
  readonly cut: boolean;
  /** When the versions were fixed at the latest: UTC, as the session's zone is; undefined before. */
  readonly snapshotFinished: string | undefined;
  /** `[12: 3/4], …`; only tasks that have reported. */
  readonly progress: string;
  /** Changes whenever the job gets on. */
  readonly mark: string;
  /** Errors of single tasks; the state stays `[OK]` meanwhile. */
  readonly taskErrors: string;
  /** `[OK]` or `[CODE, msg: text]`. */
  readonly status: string;
}

/** The database's backup job, if its latest job is one. Runs on the leader, whichever FE is asked. */
export async function readBackupJob(session: Session, database: string): Promise<Job | undefined> {
  const rows = await session.query(showBackupStatement(database), `read the backup job of ${database}`);
  return rows.map((row) => job(row, "SnapshotName")).find((found) => found.database === database);
}

/** The database's restore job, if its latest job is one. A follower shows only coarse states. */
export async function readRestoreJob(session: Session, database: string): Promise<Job | undefined> {
  const rows = await session.query(showRestoreStatement(database), `read the restore job of ${database}`);
  return rows.map((row) => job(row, "Label")).find((found) => found.database === database);
}

function job(row: Row, labelColumn: string): Job {
  const state = text(row, "State");
  return {
    label: text(row, labelColumn),
    database: text(row, "DbName"),
    state,
    phase: state === "FINISHED" ? "finished" : state === "CANCELLED" ? "cancelled" : "running",
    identity: `${text(row, "JobId")}@${text(row, "CreateTime")}`,
    // UPLOAD_SNAPSHOT is the first journaled state: before it, a failover runs PENDING again and cuts anew.
    cut: !["PENDING", "SNAPSHOTING"].includes(state),
    snapshotFinished: instant(optionalText(row, "SnapshotFinishedTime")),
    progress: text(row, "Progress"),
    mark: mark(state, text(row, "Progress"), text(row, "UnfinishedTasks")),
    taskErrors: text(row, "TaskErrMsg"),
    status: optionalText(row, "Status") ?? "",
  };
}

/** An unset time is NULL, `N/A` or the like, by version. */
function instant(shown: string | undefined): string | undefined {
  return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.exec(shown ?? "")?.[0];
}

/** UnfinishedTasks can have megabytes, so the mark is a hash. */
function mark(...parts: readonly string[]): string {
  return digest(parts.join("\n"));
}
