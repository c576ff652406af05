import type { Json } from "../../windmill/json.ts";
import type { BuiltWorkspace } from "./built-workspace.ts";
import type { RunEvent } from "./events.ts";
import type { WorkspaceValues } from "./expression/scope.ts";
import type { FaultPlan } from "./job/fault.ts";
import type { Workers } from "./job/workers.ts";

/** A person's answer to a suspended flow. `payload` is what a form sends. */
export type Approval =
  | "approve"
  | "reject"
  | "time-out"
  | { readonly decision: "approve"; readonly payload: Json; readonly approver?: string }
  /** Without a name: through a link that names nobody. */
  | { readonly decision: "reject"; readonly approver?: string };

/** A flow that waits for {@link Approval} after `stepId`. */
export interface Suspended {
  readonly stepId: string;
  readonly jobId: string;
  readonly result: Json;
}

/** Everything a run needs besides the flow itself. */
export interface RunContext {
  readonly built: BuiltWorkspace;
  readonly workspace: WorkspaceValues;
  /** Base address of the API that windmill-client calls. */
  readonly api: string;
  readonly emit: (event: RunEvent) => void;
  readonly faults: FaultPlan;
  readonly workers: Workers;
  readonly cancel: AbortSignal;
  /** Undefined when nobody is there to answer: the run then ends as suspended. */
  readonly approve: ((suspended: Suspended) => Promise<Approval>) | undefined;
  readonly sleep: (seconds: number) => Promise<void>;
}
