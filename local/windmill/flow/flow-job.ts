import { randomUUID } from "node:crypto";
import type { FlowModule, OpenFlow } from "../../../windmill/flow/open-flow.ts";
import type { Json, JsonObject } from "../../../windmill/json.ts";
import type { StepResults } from "../expression/scope.ts";
import type { JobPlace } from "../job/environment.ts";
import { objectAsJsonb } from "../job/jsonb.ts";

/**
 * A flow, an iteration of a loop or a taken branch: Windmill runs each as a job with its own steps. What is
 * inside sees the results of what is around it, never the other way.
 */
export interface FlowJob {
  readonly id: string;
  /** That of an iteration or a branch stands below that of the flow: `f/x/backup/loop-0`. */
  readonly path: string;
  readonly input: JsonObject;
  readonly flowEnv: JsonObject;
  readonly results: Map<string, Json>;
  readonly outer?: FlowJob;
  readonly innermostRootId: string;
  readonly rootId: string;
  /** Inherited by loops and branches, where it handles what fails inside. */
  readonly failureModule?: FlowModule | undefined;
}

export function flowJob(path: string, flow: OpenFlow, input: JsonObject, rootId?: string): FlowJob {
  const id = randomUUID();
  return {
    id,
    path,
    input: objectAsJsonb(input),
    flowEnv: flow.value.flow_env ?? {},
    results: new Map(),
    innermostRootId: id,
    rootId: rootId ?? id,
    failureModule: flow.value.failure_module,
  };
}

/**
 * @param name What Windmill appends to the path: `loop-0`, `branchone-1`.
 * @param apart A parallel iteration counts as a root of its own (worker: `flow_innermost_root_job`).
 */
export function innerJob(
  outer: FlowJob,
  name: string,
  input: JsonObject = outer.input,
  apart = false,
): FlowJob {
  const id = randomUUID();
  return {
    ...outer,
    id,
    path: `${outer.path}/${name}`,
    input,
    results: new Map(),
    outer,
    innermostRootId: apart ? id : outer.innermostRootId,
  };
}

/** `iter` of the loop; that of a loop around it moves to `iter_parent`, and so on outwards. */
export function withIteration(
  input: JsonObject,
  iteration: { readonly index: number; readonly value: Json },
): JsonObject {
  return insert(input, "iter", iteration);
}

function insert(input: JsonObject, key: string, value: Json): JsonObject {
  const displaced = input[key];
  const kept = displaced === undefined ? input : insert(input, `${key}_parent`, displaced);
  return { ...kept, [key]: value };
}

export function placeOf(job: FlowJob, stepId: string): JobPlace {
  return {
    stepId,
    flowPath: job.path,
    flowJobId: job.id,
    rootFlowJobId: job.innermostRootId,
    rootJobId: job.rootId,
  };
}

export function resultsOf(job: FlowJob, previousId: string): StepResults {
  return { previousId, lookup: (stepId) => lookup(job, stepId) };
}

function lookup(job: FlowJob | undefined, stepId: string): Json {
  if (job === undefined) return null;
  return job.results.get(stepId) ?? lookup(job.outer, stepId);
}
