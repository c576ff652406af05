import type { Json } from "../../../windmill/json.ts";
import type { ExpressionScope } from "./scope.ts";

/** A value the interpreter asks for by name while it evaluates. */
export interface Lookup {
  readonly global: string;
  readonly find: (scope: ExpressionScope, name: string) => Json;
}

export const LOOKUPS: readonly Lookup[] = [
  { global: "__resource", find: ({ workspace }, path) => workspace.resource(path) },
  { global: "__variable", find: ({ workspace }, path) => workspace.variable(path) },
  { global: "__result", find: ({ results }, id) => results?.lookup(id) ?? null },
];

/** Declares what the expression mentions; a name Windmill does not give stays undeclared. */
export function prelude(expression: string, scope: ExpressionScope): string {
  const names: Record<string, Json> = {
    ...scope.names,
    flow_input: scope.flowInput,
    flow_env: scope.flowEnv,
  };
  const mentioned = Object.entries(names).filter(
    ([name]) =>
      expression.includes(name) || (name === "previous_result" && needsPreviousResult(expression, scope)),
  );
  return [
    ...mentioned.map(
      ([name, value]) => `var ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value))});`,
    ),
    "const resource = async (path) => JSON.parse(__resource(path));",
    "const variable = async (path) => JSON.parse(__variable(path));",
    "const flow_user_state = () => { throw new Error('the local runner keeps no flow user state'); };",
    ...(scope.results === undefined ? [] : [resultsProxy(scope.results.previousId)]),
    ...(expression.includes("error") && "previous_result" in scope.names ? [ERROR_OF_PREVIOUS_RESULT] : []),
  ].join("\n");
}

function needsPreviousResult(expression: string, { results }: ExpressionScope): boolean {
  return expression.includes("error") || (results !== undefined && expression.includes("results"));
}

/** Every access is a promise, like the request it is in Windmill; the step before answers from memory. */
function resultsProxy(previousId: string): string {
  return `const results = new Proxy({}, {
    get: (_, id) => typeof id === "symbol" ? undefined
      : id === ${JSON.stringify(previousId)} && typeof previous_result !== "undefined" ? Promise.resolve(previous_result)
      : Promise.resolve(JSON.parse(__result(id))),
  });`;
}

/** `error` in a failure module: of the failed step, or gathered from a failed loop's list of results. */
const ERROR_OF_PREVIOUS_RESULT = `var error = previous_result?.error ?? (() => {
  if (!Array.isArray(previous_result)) {
    return previous_result
      ? { name: "UnknownError", message: "Could not parse the error", error: previous_result }
      : { name: "UnknownError", message: "No error found" };
  }
  const failed = previous_result.filter((item) => item !== null && typeof item === "object" && "error" in item);
  if (failed.length === 1) return failed[0].error;
  const texts = failed.map(({ error }, i) => "[" + (error.step_id || i) + "] " + (error.message || error.name));
  const message = failed.length === 0 ? "Could not parse errors" : texts.join("; ");
  return { name: "MultipleErrors", message, errors: previous_result };
})();`;
