/** An object that is not covered, and why. Nothing is left out silently. */
export interface Skipped {
  readonly object: string;
  readonly reason: string;
}
