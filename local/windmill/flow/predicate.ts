import { evaluatePredicate } from "../expression/evaluate.ts";
import type { ExpressionScope } from "../expression/scope.ts";

/** An expression about a step that has ended failed; the flow fails at this step, whatever its retry says. */
export class PredicateError extends Error {
  override readonly name = "PredicateError";
}

/**
 * The server cannot push the next step (a broken `skip_if` or `sleep`): the job it belongs to ends there, and its
 * failure module does not run (worker: "Unexpected error during flow chaining").
 */
export class ChainError extends Error {
  override readonly name = "ChainError";
}

export async function predicate(expression: string, scope: ExpressionScope): Promise<boolean> {
  try {
    return await evaluatePredicate(expression, scope);
  } catch (error) {
    throw new PredicateError(error instanceof Error ? error.message : String(error));
  }
}

/** The same for an expression that is read before its step is pushed. */
export async function chainPredicate(expression: string, scope: ExpressionScope): Promise<boolean> {
  return await chained(() => evaluatePredicate(expression, scope));
}

/** @throws {ChainError} for whatever `evaluate` throws. */
export async function chained<Value>(evaluate: () => Promise<Value>): Promise<Value> {
  try {
    return await evaluate();
  } catch (error) {
    throw new ChainError(error instanceof Error ? error.message : String(error));
  }
}
