import type { Job, StatusCode } from "../metadata/job.ts";

/** Ends the next job that is about to do its step of `state`. */
export type FailJob = Readonly<{ state: string; code: StatusCode; message: string }>;

/** Holds jobs of a label, or all of them, in their state: Status stays `[OK]`, the reason is in TaskErrMsg (§2.3). */
export type StallJob = Readonly<{ label?: string; message?: string }>;

/** Ways to make the cluster misbehave that a statement cannot; see also `faults.ts`. */
export type Knobs = {
  /** Added to NEXT_VERSION in snapshots: transactions committed but unpublished at PENDING (§6.7). */
  nextVersionGap: number;
  /** Called before every job step; throws a JobFailure to cancel the job there (§2.2, §2.3). */
  failStep: ((job: Job) => void) | undefined;
  failJob: FailJob | undefined;
  stallJob: StallJob | undefined;
  /** The FE is restarted as soon as a job gets into this state. */
  restartAt: string | undefined;
  /** The FE is a follower: it shows of restore jobs what is journaled (§7). */
  follower: boolean;
  /** Moves the FE's clock: leases expire, jobs time out. */
  clockOffsetMs: number;
  /** Another statement holds the try-lock of BACKUP and RESTORE for ever (§1.4 8). */
  submitLockHeld: boolean;
  /** ROW_COUNT and DATA_SIZE stay what they were until the knob is off: tablet statistics lag up to 300 s (§17). */
  staleStatistics: boolean;
  /** What the disks of each backend hold, in bytes; 0: they have not reported yet (§16). */
  diskBytes: number;
  /** SHOW renders times in UTC+8 whatever the session's zone, as 4.1.0 and 4.1.1 do (§3.2). */
  showTimesInUtc8: boolean;
};
