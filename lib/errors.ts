import type { ErrorCode } from "./error-codes.ts";

/** What an error says, in one sentence a field. */
export interface ErrorText {
  readonly code: ErrorCode;
  /** What happened, to which object. */
  readonly message: string;
  /** What the reader does next. */
  readonly next: string;
}

/**
 * The one error type that reaches a result. It says what happened, to which object, and what to do next;
 * it never carries SQL text or a secret, because Windmill stores every own property of a thrown error in the
 * job's result (windmill.md §3.3: `extra` holds all other own properties). A cause may carry both: it is for whoever reads
 * the error inside the process, and is taken off before the error leaves a script.
 */
export class BackupError extends Error {
  override readonly name = "StarRocksBackupError";

  /** Stable; `docs/errors.md` lists them all. */
  readonly code: ErrorCode;
  readonly next: string;
  /** True when running the same step again may succeed. */
  readonly retriable: boolean;

  constructor({ code, message, next, retriable = false, cause }: ErrorText & ErrorNature) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.next = next;
    this.retriable = retriable;
  }
}

interface ErrorNature {
  readonly retriable?: boolean;
  /** What was caught. */
  readonly cause?: unknown;
}
