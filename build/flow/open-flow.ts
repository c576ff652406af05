import type { Json, JsonObject } from "../json.ts";

/**
 * The part of OpenFlow that this project uses: what the build lets through and the local runner models. Anything
 * else in a flow is refused, never ignored. Who may approve, and form layouts, are read and left to Windmill.
 */
export interface OpenFlow {
  readonly summary: string;
  readonly value: {
    readonly modules: readonly FlowModule[];
    readonly failure_module?: FlowModule | undefined;
    readonly flow_env?: JsonObject | undefined;
    readonly skip_expr?: string | undefined;
  };
}

export type InputTransform =
  | { readonly type: "static"; readonly value?: Json | undefined }
  | { readonly type: "javascript"; readonly expr: string };

export type InputTransforms = Readonly<Record<string, InputTransform>>;

export interface FlowModule {
  readonly id: string;
  /** What the user reads in the graph. */
  readonly summary?: string | undefined;
  readonly value: ModuleValue;
  readonly skip_if?: { readonly expr: string } | undefined;
  readonly mock?:
    | { readonly enabled?: boolean | undefined; readonly return_value?: Json | undefined }
    | undefined;
  readonly retry?: Retry | undefined;
  readonly timeout?: InputTransform | undefined;
  readonly stop_after_if?: StopAfterIf | undefined;
  readonly stop_after_all_iters_if?: StopAfterIf | undefined;
  readonly continue_on_error?: boolean | undefined;
  readonly suspend?: Suspend | undefined;
  readonly sleep?: InputTransform | undefined;
}

export type ModuleValue =
  | ScriptValue
  | FlowStepValue
  | ForLoop
  | WhileLoop
  | BranchOne
  | BranchAll
  | Identity;

interface ScriptValue {
  readonly type: "script";
  readonly path: string;
  readonly input_transforms: InputTransforms;
}

interface FlowStepValue {
  readonly type: "flow";
  readonly path: string;
  readonly input_transforms: InputTransforms;
}

export interface ForLoop {
  readonly type: "forloopflow";
  readonly iterator: InputTransform;
  readonly modules: readonly FlowModule[];
  readonly skip_failures: boolean;
  readonly parallel?: boolean | undefined;
}

export interface WhileLoop {
  readonly type: "whileloopflow";
  readonly modules: readonly FlowModule[];
  readonly skip_failures: boolean;
}

export interface BranchOne {
  readonly type: "branchone";
  readonly branches: readonly { readonly expr: string; readonly modules: readonly FlowModule[] }[];
  readonly default: readonly FlowModule[];
}

export interface BranchAll {
  readonly type: "branchall";
  readonly branches: readonly {
    readonly skip_failure?: boolean | undefined;
    readonly modules: readonly FlowModule[];
  }[];
  readonly parallel: boolean;
}

interface Identity {
  readonly type: "identity";
}

export interface Retry {
  readonly constant?: { readonly attempts: number; readonly seconds: number } | undefined;
  readonly exponential?:
    | {
        readonly attempts: number;
        readonly multiplier: number;
        readonly seconds: number;
        readonly random_factor?: number | undefined;
      }
    | undefined;
  readonly retry_if?: { readonly expr: string } | undefined;
}

export interface StopAfterIf {
  readonly expr: string;
  readonly skip_if_stopped: boolean;
  readonly error_message?: string | null | undefined;
  readonly error_include_result?: boolean | undefined;
}

export interface Suspend {
  readonly required_events?: number | undefined;
  readonly continue_on_disapprove_timeout?: boolean | undefined;
}
