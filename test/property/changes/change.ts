import type { History, Model, ModelTable } from "../model.ts";

/** A statement of the business, or a few that belong together. */
export interface Change {
  readonly name: string;
  /** Makes tables, partitions or columns come, go or change their names. */
  readonly structural: boolean;
  /** Runs it where it applies; updates which tables there are. Gives false where it does not apply. */
  run(target: Target): Promise<boolean>;
}

/** What a change is about; numbers choose among what is there. */
export interface Target {
  readonly history: History;
  readonly model: Model;
  readonly name: string;
  readonly table: ModelTable;
  readonly numbers: readonly number[];
}
