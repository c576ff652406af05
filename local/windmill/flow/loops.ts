import type { FlowModule, ForLoop, WhileLoop } from "../../../windmill/flow/open-flow.ts";
import { isJsonList, type Json } from "../../../windmill/json.ts";
import { errorOutcome } from "../job/job-outcome.ts";
import { type FlowJob, innerJob, withIteration } from "./flow-job.ts";
import type { FlowOutcome } from "./flow-outcome.ts";
import { predicate } from "./predicate.ts";
import { resultScope, type StepContext, transformed, transformScope } from "./step-context.ts";

/** The result of a loop is the list of its iterations' results, those of failed ones included. */
export async function forLoop(module: FlowModule, loop: ForLoop, context: StepContext): Promise<FlowOutcome> {
  const items = await iteratedItems(loop, context);
  if (typeof items === "string") return errorOutcome("ExecutionErr", items);
  if (loop.parallel === true) return await parallelLoop(loop, items, context);
  const iterations = new Iterations(module, loop, context);
  for (const [index, value] of items.entries()) {
    if ((await iterations.run(index, value)) === "end") break;
  }
  return iterations.outcome();
}

/** Ends only by a stop inside it or by a failure; Windmill has no limit of iterations either. */
export async function whileLoop(
  module: FlowModule,
  loop: WhileLoop,
  context: StepContext,
): Promise<FlowOutcome> {
  const iterations = new Iterations(module, loop, context);
  for (let index = 0; ; index += 1) {
    if ((await iterations.run(index, index)) === "end") return iterations.outcome();
  }
}

class Iterations {
  readonly #module: FlowModule;
  readonly #loop: ForLoop | WhileLoop;
  readonly #context: StepContext;
  readonly #outcomes: FlowOutcome[] = [];

  constructor(module: FlowModule, loop: ForLoop | WhileLoop, context: StepContext) {
    this.#module = module;
    this.#loop = loop;
    this.#context = context;
  }

  async run(index: number, value: Json): Promise<"continue" | "end"> {
    const { run, job } = this.#context;
    const outcome = isSimple(this.#loop, job)
      ? await runSimpleIteration(this.#module, this.#loop, { index, value }, this.#context)
      : await runIteration(this.#loop, { index, value }, this.#context);
    this.#outcomes.push(outcome);
    if (outcome.stopped) return "end";
    if (!outcome.success) return this.#loop.skip_failures ? "continue" : "end";
    const stop = this.#module.stop_after_if;
    return stop !== undefined && (await predicate(stop.expr, resultScope(run, job, outcome.result)))
      ? "end"
      : "continue";
  }

  outcome(): FlowOutcome {
    return gathered(this.#outcomes, this.#loop.skip_failures);
  }
}

async function parallelLoop(
  loop: ForLoop,
  items: readonly Json[],
  context: StepContext,
): Promise<FlowOutcome> {
  const iterations = items.map((value, index) => runIteration(loop, { index, value }, context, "forloop"));
  return gathered(await Promise.all(iterations), loop.skip_failures);
}

interface Iteration {
  readonly index: number;
  readonly value: Json;
}

/** @param name `forloop` for the iterations of a parallel loop. */
async function runIteration(
  { modules }: ForLoop | WhileLoop,
  iteration: Iteration,
  { run, job, runInner }: StepContext,
  name: "loop" | "forloop" = "loop",
): Promise<FlowOutcome> {
  const input = withIteration(job.input, iteration);
  const inner = innerJob(job, `${name}-${iteration.index}`, input, name === "forloop");
  return await runInner(run, inner, modules);
}

/** A single plain script that nothing has to be done about needs no job around it (worker: is_simple_modules). */
function isSimple({ modules: [body, ...others] }: ForLoop | WhileLoop, job: FlowJob): boolean {
  if (body === undefined || others.length > 0 || job.failureModule !== undefined) return false;
  const { sleep, suspend, retry, stop_after_if, stop_after_all_iters_if, skip_if, mock, value } = body;
  const options = [sleep, suspend, retry, stop_after_if, stop_after_all_iters_if, skip_if];
  return value.type === "script" && mock?.enabled !== true && options.every((option) => option === undefined);
}

/** The script is then a step of the flow itself, under the id of the loop. */
async function runSimpleIteration(
  { id }: FlowModule,
  { modules }: ForLoop | WhileLoop,
  iteration: Iteration,
  { run, job, runInner }: StepContext,
): Promise<FlowOutcome> {
  const inner = { ...job, input: withIteration(job.input, iteration), results: new Map(), outer: job };
  return await runInner(
    run,
    inner,
    modules.map((body) => ({ ...body, id })),
  );
}

function gathered(outcomes: readonly FlowOutcome[], skipFailures: boolean): FlowOutcome {
  const success = skipFailures || outcomes.every((outcome) => outcome.success);
  const handled = !success && outcomes.some((outcome) => outcome.handled);
  return { success, result: outcomes.map(({ result }) => result), ...(handled ? { handled } : {}) };
}

/** The items, or why there are none. */
async function iteratedItems({ iterator }: ForLoop, context: StepContext): Promise<readonly Json[] | string> {
  try {
    const items = await transformed(iterator, transformScope(context));
    return isJsonList(items) ? items : `Expected a list in the iterator, found: ${JSON.stringify(items)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
