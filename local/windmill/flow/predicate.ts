import { evaluatePredicate } from "../expression/evaluate.ts";
import type { ExpressionScope } from "../expression/scope.ts";

/** An expression that steers the flow failed; the flow fails at this step, whatever its retry says. */
export class PredicateError extends Error {
  override readonly name = "PredicateError";
}

export async function predicate(expression: string, scope: ExpressionScope): Promise<boolean> {
  try {
    return await evaluatePredicate(expression, scope);
  } catch (error) {
    throw new PredicateError(error instanceof Error ? error.message : String(error));
  }
}
