import type { Catalog } from "../../catalog/catalog.ts";
import type { OpenRun } from "../../catalog/open-runs.ts";
import type { Operation } from "../../catalog/runs.ts";
import type { Planned, PlanningJob, RecordedPlan } from "./plan-once.ts";
import type { Step } from "./step.ts";

/** What a planner has at hand. */
export interface PlanningStep<Plan extends object> extends Step {
  readonly job: PlanningJob<Plan>;
  /** When the planning begins, by the FE's clock; UTC. */
  readonly now: string;
  /** The repository of the cluster's settings, where the request names none. */
  readonly repository: string | undefined;
}

/** How a kind of run is planned. */
export interface Planner<Plan extends object> {
  readonly operation: Operation;
  /** What is to be planned; the same for every execution of a job. */
  readonly request: { readonly dryRun: boolean };
  /** Whether a silent run is to be settled first: its end may change the plan. */
  concerns(run: OpenRun): boolean;
  /** Reads, decides and, unless it is a dry run, records the plan as its job's. */
  plan(step: PlanningStep<Plan>): Promise<Planned<Plan>>;
  /** Does what comes after the run's row; may be repeated. */
  complete(catalog: Catalog, recorded: RecordedPlan<Plan>): Promise<void>;
}
