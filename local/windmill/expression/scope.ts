import type { Json, JsonObject } from "../../../windmill/json.ts";

/** What an expression can see. */
export interface ExpressionScope {
  readonly flowInput: JsonObject;
  readonly flowEnv: JsonObject;
  /** `previous_result`, `result`, `resume`, ...: present names only. */
  readonly names: Readonly<Record<string, Json>>;
  /** Results of steps; absent where Windmill gives none (`sleep`, `retry_if`). */
  readonly results?: StepResults;
  readonly workspace: WorkspaceValues;
}

export interface StepResults {
  /** Id of the step before, whose result is `previous_result`. */
  readonly previousId: string;
  /** Null for a step that has not run or is out of sight, as Windmill answers. */
  readonly lookup: (stepId: string) => Json;
}

/** Resources and variables, by path. */
export interface WorkspaceValues {
  /** @throws {Error} when the workspace has no such resource. */
  readonly resource: (path: string) => Json;
  /** @throws {Error} when the workspace has no such variable. */
  readonly variable: (path: string) => string;
}
