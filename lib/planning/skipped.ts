/** An object that is not covered, and why. Nothing is left out silently. */
export interface Skipped {
  readonly object: string;
  readonly reason: string;
  /** Its data was asked for and is in no snapshot; not so for views, or tables without a partition. */
  readonly isGap?: true;
}
