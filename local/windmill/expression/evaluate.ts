import type { QuickJSContext } from "quickjs-emscripten-core";
import { describeError, withQuickJs } from "../../../build/expression/quickjs.ts";
import { functionBody } from "../../../build/expression/rewrite.ts";
import { type Json, parseJson } from "../../../build/json.ts";
import { fastPath } from "./fast-path.ts";
import { LOOKUPS, type Lookup, prelude } from "./prelude.ts";
import type { ExpressionScope } from "./scope.ts";

/**
 * The value of a flow expression.
 *
 * @throws {Error} with the text Windmill shows for a failed evaluation.
 */
export async function evaluate(expression: string, scope: ExpressionScope): Promise<Json> {
  const text = expression.trim();
  const fast = fastPath(text, scope);
  if (fast !== undefined) return fast.value;
  return await withQuickJs((context) => {
    for (const lookup of LOOKUPS) defineLookup(context, lookup, scope);
    run(context, prelude(text, scope), text).dispose();
    const promise = run(
      context,
      `(async () => { ${functionBody(text)} })().then((x) => JSON.stringify(x ?? null))`,
      text,
    );
    const jobs = context.runtime.executePendingJobs();
    if (jobs.error !== undefined) throw failure(text, describeError(context, jobs.error));
    const state = context.getPromiseState(promise);
    promise.dispose();
    if (state.type === "pending") throw failure(text, "the promise never settles");
    if (state.type === "rejected")
      throw disposing(state.error, () => failure(text, describeError(context, state.error)));
    // JSON.stringify has no text for a function or a symbol: null, as in Windmill.
    return disposing(state.value, () => {
      return context.typeof(state.value) === "string" ? parseJson(context.getString(state.value)) : null;
    });
  });
}

/** `Boolean(expression)`, as Windmill reads every predicate. */
export async function evaluatePredicate(expression: string, scope: ExpressionScope): Promise<boolean> {
  return (await evaluate(`Boolean(${expression})`, scope)) === true;
}

type Handle = ReturnType<QuickJSContext["newString"]>;

function run(context: QuickJSContext, code: string, expression: string): Handle {
  const result = context.evalCode(code);
  if (result.error !== undefined) {
    throw disposing(result.error, (error) => failure(expression, describeError(context, error)));
  }
  return result.value;
}

/** The interpreter gets the lookup as a function from name to JSON text. */
function defineLookup(context: QuickJSContext, { global, find }: Lookup, scope: ExpressionScope): void {
  const lookup = context.newFunction(global, (name) =>
    context.newString(JSON.stringify(find(scope, context.getString(name)))),
  );
  context.setProp(context.global, global, lookup);
  lookup.dispose();
}

function disposing<T extends { dispose: () => void }, R>(handle: T, use: (handle: T) => R): R {
  try {
    return use(handle);
  } finally {
    handle.dispose();
  }
}

function failure(expression: string, reason: string): Error {
  return new Error(`Error during isolated evaluation of expression \`${expression}\`:\n${reason}`);
}
