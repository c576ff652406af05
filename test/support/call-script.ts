import type { RunOutcome } from "../../local/windmill/run-flow.ts";
import { script as backup } from "../../scripts/backup.ts";
import { script as cancel } from "../../scripts/cancel.ts";
import { script as cleanup } from "../../scripts/cleanup.ts";
import { script as fail } from "../../scripts/fail.ts";
import { script as init } from "../../scripts/init.ts";
import { script as inventory } from "../../scripts/inventory.ts";
import { script as plan } from "../../scripts/plan.ts";
import { script as poll } from "../../scripts/poll.ts";
import { script as report } from "../../scripts/report.ts";
import { script as restore } from "../../scripts/restore.ts";
import { script as restorePlan } from "../../scripts/restore_plan.ts";
import { script as status } from "../../scripts/status.ts";
import { script as undo } from "../../scripts/undo.ts";
import { script as undoPlan } from "../../scripts/undo_plan.ts";
import type { Json, JsonObject } from "../../windmill/json.ts";
import { parseJson } from "../../windmill/json.ts";

const scripts = {
  backup,
  cancel,
  cleanup,
  fail,
  init,
  inventory,
  plan,
  poll,
  report,
  restore,
  restore_plan: restorePlan,
  status,
  undo,
  undo_plan: undoPlan,
};

export type ScriptName = keyof typeof scripts;

/** What `main` of the built script gives or throws for `input`, without a process around it. */
export async function callScript(name: ScriptName, input: JsonObject): Promise<RunOutcome> {
  try {
    return { kind: "success", result: stored(await scripts[name].run(input)) };
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    const { name: kind, message } = thrown;
    // As Windmill's wrapper does: every other own property goes into `extra`.
    const { stack: _, ...extra } = Object.fromEntries(
      Object.getOwnPropertyNames(thrown)
        .filter((key) => key !== "name" && key !== "message")
        .map((key) => [key, Reflect.get(thrown, key)]),
    );
    const error = stored({ name: kind, message, extra });
    return { kind: "failure", error, result: { error } };
  }
}

function stored(value: unknown): Json {
  return parseJson(JSON.stringify(value ?? null));
}
