import { type QuickJSContext, type QuickJSHandle, Scope } from "quickjs-emscripten-core";
import { describeError, withQuickJs } from "../../../windmill/expression/quickjs.ts";
import { functionBody } from "../../../windmill/expression/rewrite.ts";
import { type Json, parseJson } from "../../../windmill/json.ts";
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
  try {
    return await withQuickJs((context) =>
      Scope.withScope((handles) => interpret(text, scope, context, handles)),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Error during isolated evaluation of expression \`${text}\`:\n${reason}`);
  }
}

/** `Boolean(expression)`, as Windmill reads every predicate. */
export async function evaluatePredicate(expression: string, scope: ExpressionScope): Promise<boolean> {
  return (await evaluate(`Boolean(${expression})`, scope)) === true;
}

function interpret(text: string, scope: ExpressionScope, context: QuickJSContext, handles: Scope): Json {
  for (const lookup of LOOKUPS) defineLookup(context, lookup, scope);
  run(prelude(text, scope), context, handles);
  const code = `(async () => { ${functionBody(text)} })().then((x) => JSON.stringify(x ?? null))`;
  const promise = run(code, context, handles);
  const jobs = context.runtime.executePendingJobs();
  if (jobs.error !== undefined) throw new Error(describeError(context, handles.manage(jobs.error)));
  const state = context.getPromiseState(promise);
  switch (state.type) {
    case "pending":
      throw new Error("The promise never settles.");
    case "rejected":
      throw new Error(describeError(context, handles.manage(state.error)));
    case "fulfilled": {
      const value = handles.manage(state.value);
      // JSON.stringify has no text for a function or a symbol: null, as in Windmill.
      return context.typeof(value) === "string" ? parseJson(context.getString(value)) : null;
    }
  }
}

function run(code: string, context: QuickJSContext, handles: Scope): QuickJSHandle {
  const result = context.evalCode(code);
  if (result.error !== undefined) throw new Error(describeError(context, handles.manage(result.error)));
  return handles.manage(result.value);
}

/** The interpreter gets the lookup as a function from name to JSON text. */
function defineLookup(context: QuickJSContext, { global, find }: Lookup, scope: ExpressionScope): void {
  const lookup = context.newFunction(global, (name) =>
    context.newString(JSON.stringify(find(scope, context.getString(name)))),
  );
  context.setProp(context.global, global, lookup);
  lookup.dispose();
}
