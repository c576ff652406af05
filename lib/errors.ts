/**
 * The one error type that reaches a result. It says what happened, to which object, and what to do next;
 * it never carries SQL text or a secret, because Windmill stores every own property of a thrown error in the
 * job's result (worker behaviour: `extra` holds all other own properties).
 */
export class BackupError extends Error {
  override readonly name = "StarRocksBackupError";

  /** Stable, upper snake case, for example `UNKNOWN_GROUP`. */
  readonly code: string;
  /** One sentence: what the reader does next. */
  readonly next: string;
  /** True when running the same step again may succeed. */
  readonly retriable: boolean;

  /** @param message one sentence: what happened, to which object */
  constructor(code: string, message: string, next: string, retriable = false) {
    super(message);
    this.code = code;
    this.next = next;
    this.retriable = retriable;
  }
}
