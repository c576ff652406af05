/** Where a person sees how far a step is. */
export interface Progress {
  /** One line, each time something changed. */
  say(line: string): void;
  /** 0 to 100. */
  percent(done: number): Promise<void>;
}
