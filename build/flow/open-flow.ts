import * as z from "zod";
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

const text = z.string().optional();
const json = z.json();
const transform = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("static"), value: json.optional() }),
  z.strictObject({ type: z.literal("javascript"), expr: z.string() }),
]);
const transforms = z.record(z.string(), transform);
const modules = z.lazy(() => z.array(flowModule));
const stopAfterIf = z.strictObject({
  expr: z.string(),
  skip_if_stopped: z.boolean(),
  error_message: z.string().nullish(),
  error_include_result: z.boolean().optional(),
});
const retry = z.strictObject({
  constant: z.strictObject({ attempts: z.int(), seconds: z.int() }).optional(),
  exponential: z
    .strictObject({
      attempts: z.int(),
      multiplier: z.int(),
      seconds: z.int().min(1),
      random_factor: z.int().optional(),
    })
    .optional(),
  retry_if: z.strictObject({ expr: z.string() }).optional(),
});
/** Who may approve is for Windmill to decide; here one person runs everything. */
const suspend = z.strictObject({
  required_events: z.int().optional(),
  timeout: z.int().optional(),
  resume_form: z.strictObject({ schema: z.looseObject({}) }).optional(),
  hide_cancel: z.boolean().optional(),
  self_approval_disabled: z.boolean().optional(),
  continue_on_disapprove_timeout: z.boolean().optional(),
});
const branch = { summary: text, modules };
const value = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("script"),
    path: z.string(),
    input_transforms: transforms,
    tag_override: text,
  }),
  z.strictObject({ type: z.literal("flow"), path: z.string(), input_transforms: transforms }),
  z.strictObject({
    type: z.literal("forloopflow"),
    iterator: transform,
    modules,
    skip_failures: z.boolean(),
    parallel: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal("whileloopflow"), modules, skip_failures: z.boolean() }),
  z.strictObject({
    type: z.literal("branchone"),
    branches: z.array(z.strictObject({ ...branch, expr: z.string() })),
    default: modules,
  }),
  z.strictObject({
    type: z.literal("branchall"),
    branches: z.array(z.strictObject({ ...branch, skip_failure: z.boolean().optional() })),
    parallel: z.boolean(),
  }),
  z.strictObject({ type: z.literal("identity") }),
]);
const flowModule: z.ZodType<FlowModule> = z.strictObject({
  id: z.string(),
  summary: text,
  value,
  skip_if: z.strictObject({ expr: z.string() }).optional(),
  mock: z.strictObject({ enabled: z.boolean().optional(), return_value: json.optional() }).optional(),
  retry: retry.optional(),
  timeout: transform.optional(),
  stop_after_if: stopAfterIf.optional(),
  stop_after_all_iters_if: stopAfterIf.optional(),
  continue_on_error: z.boolean().optional(),
  suspend: suspend.optional(),
  sleep: transform.optional(),
  cache_ttl: z.number().optional(),
});
const openFlow: z.ZodType<OpenFlow> = z.strictObject({
  summary: z.string(),
  description: text,
  schema: z.looseObject({}).optional(),
  value: z.strictObject({
    modules,
    failure_module: flowModule.optional(),
    flow_env: z.record(z.string(), json).optional(),
    skip_expr: text,
    notes: z.array(z.unknown()).optional(),
    groups: z.array(z.unknown()).optional(),
  }),
});

/** @throws {Error} naming what the runner does not model. */
export function readOpenFlow(content: unknown, path: string): OpenFlow {
  const read = openFlow.safeParse(content);
  if (!read.success)
    throw new Error(`${path} uses what this project does not model: ${z.prettifyError(read.error)}`);
  return read.data;
}
