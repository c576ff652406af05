import * as z from "zod";

/*
 * The part of OpenFlow that this project uses: what the build lets through and the local runner models. Anything else in a
 * flow is refused, never ignored. Who may approve, and form layouts, are read and left to Windmill.
 */

const text = z.string().optional();
const json = z.json();
const predicate = z.strictObject({ expr: z.string() });

const transform = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("static"), value: json.optional() }),
  z.strictObject({ type: z.literal("javascript"), expr: z.string() }),
]);
export type InputTransform = Readonly<z.infer<typeof transform>>;

const transforms = z.record(z.string(), transform);
export type InputTransforms = Readonly<z.infer<typeof transforms>>;

const stopAfterIf = z.strictObject({
  expr: z.string(),
  skip_if_stopped: z.boolean(),
  error_message: z.string().nullish(),
  error_include_result: z.boolean().optional(),
});
export type StopAfterIf = Readonly<z.infer<typeof stopAfterIf>>;

export const retry = z.strictObject({
  constant: z.strictObject({ attempts: z.int(), seconds: z.int() }).optional(),
  exponential: z
    .strictObject({
      attempts: z.int(),
      multiplier: z.int(),
      seconds: z.int().min(1),
      random_factor: z.int().optional(),
    })
    .optional(),
  retry_if: predicate.optional(),
});
export type Retry = Readonly<z.infer<typeof retry>>;

/** Who may approve is for Windmill to decide; here one person runs everything. */
const suspend = z.strictObject({
  required_events: z.int().optional(),
  timeout: z.int().optional(),
  resume_form: z.strictObject({ schema: z.looseObject({}) }).optional(),
  hide_cancel: z.boolean().optional(),
  self_approval_disabled: z.boolean().optional(),
  continue_on_disapprove_timeout: z.boolean().optional(),
});

const script = z.strictObject({
  type: z.literal("script"),
  path: z.string(),
  input_transforms: transforms,
  tag_override: text,
});
const innerFlow = z.strictObject({
  type: z.literal("flow"),
  path: z.string(),
  input_transforms: transforms,
});
const forLoop = z.strictObject({
  type: z.literal("forloopflow"),
  iterator: transform,
  get modules() {
    return z.array(flowModule);
  },
  skip_failures: z.boolean(),
  parallel: z.boolean().optional(),
});
export type ForLoop = Readonly<z.infer<typeof forLoop>>;

const whileLoop = z.strictObject({
  type: z.literal("whileloopflow"),
  get modules() {
    return z.array(flowModule);
  },
  skip_failures: z.boolean(),
});
export type WhileLoop = Readonly<z.infer<typeof whileLoop>>;

const branchOne = z.strictObject({
  type: z.literal("branchone"),
  get branches() {
    return z.array(z.strictObject({ summary: text, expr: z.string(), modules: z.array(flowModule) }));
  },
  get default() {
    return z.array(flowModule);
  },
});
export type BranchOne = Readonly<z.infer<typeof branchOne>>;

const branchAll = z.strictObject({
  type: z.literal("branchall"),
  get branches() {
    return z.array(
      z.strictObject({ summary: text, skip_failure: z.boolean().optional(), modules: z.array(flowModule) }),
    );
  },
  parallel: z.boolean(),
});
export type BranchAll = Readonly<z.infer<typeof branchAll>>;

const identity = z.strictObject({ type: z.literal("identity") });

const flowModule = z.strictObject({
  id: z.string(),
  /** What the user reads in the graph. */
  summary: text,
  get value() {
    return z.discriminatedUnion("type", [
      script,
      innerFlow,
      forLoop,
      whileLoop,
      branchOne,
      branchAll,
      identity,
    ]);
  },
  skip_if: predicate.optional(),
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
export type FlowModule = Readonly<z.infer<typeof flowModule>>;

const openFlow = z.strictObject({
  summary: z.string(),
  description: text,
  schema: z.looseObject({}).optional(),
  value: z.strictObject({
    modules: z.array(flowModule),
    failure_module: flowModule.optional(),
    flow_env: z.record(z.string(), json).optional(),
    skip_expr: text,
    notes: z.array(z.unknown()).optional(),
    groups: z.array(z.unknown()).optional(),
  }),
});
export type OpenFlow = Readonly<z.infer<typeof openFlow>>;

/** @throws {Error} naming what this project does not model. */
export function readOpenFlow(content: unknown, path: string): OpenFlow {
  const read = openFlow.safeParse(content);
  if (!read.success)
    throw new Error(`${path} uses what this project does not model: ${z.prettifyError(read.error)}`);
  return read.data;
}
