import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../../build/json.ts";
import type { WorkspaceValues } from "../expression/scope.ts";

/** Resources and variables from one map of path to value; a variable is a value that is text. */
export function workspaceValues(values: JsonObject): WorkspaceValues {
  const found = (kind: string, path: string): Json => {
    const value = values[path];
    if (value === undefined)
      throw new Error(`The workspace has no ${kind} ${path}; pass it with --resources.`);
    return value;
  };
  const workspace: WorkspaceValues = {
    resource: (path) => resolveReferences(found("resource", path), workspace),
    variable: (path) => {
      const value = found("variable", path);
      if (typeof value !== "string") throw new Error(`The value of variable ${path} must be text.`);
      return value;
    },
  };
  return workspace;
}

/** Replaces `$res:path` and `$var:path`, which Windmill does in a job's arguments, not in a flow's input. */
export function resolveReferences(value: Json, workspace: WorkspaceValues): Json {
  if (typeof value === "string") {
    if (value.startsWith("$res:")) return workspace.resource(value.slice("$res:".length));
    if (value.startsWith("$var:")) return workspace.variable(value.slice("$var:".length));
    return value;
  }
  if (isJsonList(value)) return value.map((item) => resolveReferences(item, workspace));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveReferences(item, workspace)]),
  );
}
