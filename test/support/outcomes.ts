import { isJsonObject, type JsonObject } from "../../build/json.ts";
import type { RunOutcome } from "../../local/windmill/run-flow.ts";

/** The result of a run that should have succeeded. */
export function succeeded(outcome: RunOutcome): JsonObject {
  if (outcome.kind === "success" && isJsonObject(outcome.result)) return outcome.result;
  throw new Error(`the run did not succeed: ${JSON.stringify(outcome, null, 2)}`);
}

/** What a run that should have failed says: message, code and next step. */
export function failure(outcome: RunOutcome): {
  readonly code: string;
  readonly message: string;
  readonly next: string;
} {
  if (outcome.kind !== "failure" || !isJsonObject(outcome.error)) {
    throw new Error(`the run did not fail: ${JSON.stringify(outcome, null, 2)}`);
  }
  const { error } = outcome;
  const extra = isJsonObject(error["extra"]) ? error["extra"] : error;
  return { code: String(extra["code"]), message: String(error["message"]), next: String(extra["next"]) };
}

/** First snapshot of a backup's result. */
export function firstSnapshot(result: JsonObject): JsonObject {
  const [snapshot] = Array.isArray(result["snapshots"]) ? result["snapshots"] : [];
  if (!isJsonObject(snapshot)) throw new Error(`no snapshot in ${JSON.stringify(result)}`);
  return snapshot;
}
