/** Nothing can be done now: what is waited for, and how far it is. */
export interface Wait {
  readonly kind: "wait";
  /** One sentence; the same as long as the same is waited for. */
  readonly reason: string;
  /** What there is to say about a wait that does not get on; changes as time goes by. */
  readonly stall?: string | undefined;
  /** Whether something else of the same run, which is waited for too, comes first. */
  readonly queued?: boolean | undefined;
  /** Of the whole, 0 to 100. */
  readonly percent: number;
  /** Of what is waited for, 0 to 1; undefined when nothing tells. */
  readonly fraction?: number | undefined;
}

export function waitFor(reason: string, percent = 0): Wait {
  return { kind: "wait", reason, percent };
}

/** What a run waits for in one line; the same as long as the same is waited for. */
export function waitReason(waits: readonly Wait[]): string {
  const queued = waits.filter((wait) => wait.queued).length;
  const reasons = waits.filter((wait) => !wait.queued).map((wait) => wait.reason);
  return [...reasons, ...(queued === 0 ? [] : [`then ${queued} more`])].join("; ");
}

/** What a person reads of a wait. */
export function waitText({ reason, stall }: Wait): string {
  return stall === undefined ? reason : `${reason}, ${stall}`;
}
