import type { OpenedCatalog } from "../../catalog/catalog.ts";
import type { Run } from "../../catalog/runs.ts";
import type { Patience } from "./patience.ts";
import type { Progress } from "./progress.ts";
import type { BackupsCatalog } from "./with-catalog.ts";

/** What every step has at hand that works over the catalog. */
export interface Step {
  readonly catalog: OpenedCatalog;
  readonly progress: Progress;
  /** Hash of the plan the step may act by, from outside the catalog; undefined: whoever calls knows none. */
  readonly planHash?: string | undefined;
  /** What knows the backups, where that is another cluster's catalog; undefined: `catalog`, or whoever calls knows none. */
  readonly backups?: BackupsCatalog | undefined;
}

/** A run, and the hash of the plan that was made or approved for it, as its flow hands it from step to step. */
export interface RunReference {
  readonly runId: string;
  /** Undefined where a person carries a run on who has no plan at hand. */
  readonly planHash: string | undefined;
}

/** What a step has at hand that works for a run. */
export interface RunStep<Plan extends object = object> extends Step {
  readonly run: Run<Plan>;
  readonly patience: Patience;
}
