import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../../windmill/json.ts";
import type { ExpressionScope } from "./scope.ts";

/**
 * Expressions that Windmill answers without an interpreter (worker: js_eval). They differ from evaluation in one
 * way: a missing path below `results.<id>` is null here and a TypeError there.
 */
export function fastPath(expression: string, scope: ExpressionScope): { readonly value: Json } | undefined {
  return (
    own(scope.names, expression) ??
    property("flow_input", scope.flowInput, expression) ??
    property("flow_env", scope.flowEnv, expression) ??
    previousResult(expression, scope) ??
    resultPath(expression, scope)
  );
}

function own(names: Readonly<Record<string, Json>>, name: string): { value: Json } | undefined {
  const value = Object.hasOwn(names, name) ? names[name] : undefined;
  return value === undefined ? undefined : { value };
}

/** `flow_input.key` and `flow_input["key"]`, the whole rest being one key. */
function property(name: string, object: JsonObject, expression: string): { value: Json } | undefined {
  if (!expression.startsWith(name)) return undefined;
  const access = expression.slice(name.length);
  if (access.startsWith(".")) return own(object, access.slice(1));
  return access.startsWith('["') && access.endsWith('"]') ? own(object, access.slice(2, -2)) : undefined;
}

function previousResult(
  expression: string,
  { names, results }: ExpressionScope,
): { value: Json } | undefined {
  if (results === undefined) return undefined;
  const id = results.previousId;
  const forms = [`results.${id}`, `results?.${id}`, `results["${id}"]`, `results?.["${id}"]`];
  return forms.includes(expression) ? own(names, "previous_result") : undefined;
}

function resultPath(expression: string, { results }: ExpressionScope): { value: Json } | undefined {
  const match = /^results\??\.(\w+)(?:\[(\d+)\])?((?:\.\w+)+)?$/.exec(expression);
  // `length` is no key of a JSON value, so the database could not answer it.
  if (match === null || results === undefined || match[3]?.endsWith(".length") === true) return undefined;
  const [, id = "", index, path = ""] = match;
  const keys = [...(index === undefined ? [] : [index]), ...path.split(".").filter((key) => key !== "")];
  return { value: keys.reduce<Json>(child, results.lookup(id)) };
}

function child(value: Json, key: string): Json {
  if (isJsonList(value)) return value[Number(key)] ?? null;
  return isJsonObject(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}
