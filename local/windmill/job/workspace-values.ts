import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../../windmill/json.ts";
import type { WorkspaceValues } from "../expression/scope.ts";
import { asJsonb } from "./jsonb.ts";

/** A reference to something that the workspace does not have; the text is the server's. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";

  constructor(message: string) {
    super(`Not found: ${message}`);
  }
}

/** Resources and variables from one map of path to value; a variable is a value that is text. */
export function workspaceValues(values: JsonObject): WorkspaceValues {
  const variable = (path: string): string => {
    const value = values[path];
    if (value === undefined) throw new NotFoundError(`Variable ${path} not found`);
    if (typeof value !== "string") throw new Error(`The value of variable ${path} must be text.`);
    return value;
  };
  const inner: Lookups = {
    variable,
    resource: (path) => {
      const value = values[path];
      if (value === undefined)
        throw new NotFoundError(`Resource not found at name ${path} (resources.rs:862)`);
      return resolved(value, inner);
    },
  };
  return {
    variable,
    resource: (path) => {
      const value = values[path];
      if (value === undefined) throw new NotFoundError(`Resource ${path} not found`);
      return resolved(asJsonb(value), inner);
    },
  };
}

/**
 * Replaces `$res:path` and `$var:path`, which Windmill does in a job's arguments, not in a flow's input.
 *
 * @throws {NotFoundError} naming the reference and the argument, or the key inside it, where it stands.
 */
export function resolveArguments(args: JsonObject, workspace: WorkspaceValues): JsonObject {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, resolveArgument(name, value, workspace)]),
  );
}

function resolveArgument(name: string, value: Json, workspace: WorkspaceValues): Json {
  const explained =
    <Value>(kind: string, find: (path: string) => Value) =>
    (path: string): Value => {
      try {
        return find(path);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
        throw new NotFoundError(`${kind} ${path} not found for \`${name}\`: ${error.message}`);
      }
    };
  if (isJsonObject(value)) return resolveArguments(value, workspace);
  if (isJsonList(value)) return value.map((item) => resolveArgument(name, item, workspace));
  return reference(value, {
    resource: explained("Resource", workspace.resource),
    variable: explained("Variable", workspace.variable),
  });
}

interface Lookups {
  readonly resource: (path: string) => Json;
  readonly variable: (path: string) => Json;
}

function resolved(value: Json, lookups: Lookups): Json {
  if (isJsonList(value)) return value.map((item) => resolved(item, lookups));
  if (!isJsonObject(value)) return reference(value, lookups);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, lookups)]));
}

function reference(value: Json, { resource, variable }: Lookups): Json {
  if (typeof value !== "string") return value;
  if (value.startsWith("$res:")) return resource(value.slice("$res:".length));
  if (value.startsWith("$var:")) return variable(value.slice("$var:".length));
  return value;
}
