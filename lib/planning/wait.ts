/** Nothing can be done now: what is waited for, and how far it is. */
export interface Wait {
  readonly kind: "wait";
  /** One sentence. */
  readonly reason: string;
  /** 0 to 100. */
  readonly percent: number;
}

export function waitFor(reason: string, percent = 0): Wait {
  return { kind: "wait", reason, percent };
}
