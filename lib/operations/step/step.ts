import type { Catalog } from "../../catalog/catalog.ts";
import type { Run } from "../../catalog/runs.ts";
import type { Patience } from "./patience.ts";
import type { Progress } from "./progress.ts";

/** What every step has at hand that works over the catalog. */
export interface Step {
  readonly catalog: Catalog;
  readonly progress: Progress;
}

/** What a step has at hand that works for a run. */
export interface RunStep<Plan extends object = object> extends Step {
  readonly run: Run<Plan>;
  readonly patience: Patience;
}
