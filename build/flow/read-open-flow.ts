import * as z from "zod";
import type { FlowModule, OpenFlow } from "./open-flow.ts";

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
