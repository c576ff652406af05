/** What to do about a job that does not get on. */
export interface Patience {
  readonly stallSeconds: number;
  readonly cancelStalled: boolean;
}

/** For steps that only submit. */
export const endless: Patience = { stallSeconds: Number.POSITIVE_INFINITY, cancelStalled: false };
