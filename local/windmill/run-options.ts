import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "../../windmill/json.ts";
import { BuiltWorkspace } from "./built-workspace.ts";
import { unlessCanceled } from "./cancel.ts";
import type { RunEvent } from "./events.ts";
import type { FaultPlan } from "./job/fault.ts";
import { Workers } from "./job/workers.ts";
import { workspaceValues } from "./job/workspace-values.ts";
import type { Approval, RunContext, Suspended } from "./run-context.ts";
import type { OnProgress } from "./windmill-api.ts";

export interface RunOptions {
  /** Answer to every suspend, or who gives it. (Default: none; the run ends as suspended.) */
  readonly approve?: Approval | ((suspended: Suspended) => Promise<Approval>);
  /** Values of `$res:` and `$var:` references, by path. */
  readonly resources?: JsonObject;
  readonly onEvent?: (event: RunEvent) => void;
  /** Faults to inject into the steps' processes. */
  readonly faults?: FaultPlan;
  /** How to wait for `sleep` and `retry`. (Default: for real.) */
  readonly sleep?: (seconds: number) => Promise<void>;
  /** Who runs the jobs; give several runs the same to let them compete. (Default: as many as there are jobs.) */
  readonly workers?: Workers;
  /** Cancels the run, as Windmill's button does. (Default: nobody presses it.) */
  readonly cancel?: AbortSignal;
  /** Folder that holds the built `f/`. (Default: the repository.) */
  readonly root?: string;
}

export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** Where names without a path are looked up. */
const FOLDER = "f/starrocks_backup";

export function windmillPath(name: string): string {
  return name.includes("/") ? name : `${FOLDER}/${name}`;
}

export function runContext(options: RunOptions, api: string): RunContext {
  const { approve, sleep } = options;
  const cancel = options.cancel ?? new AbortController().signal;
  const wait = sleep ?? ((seconds) => delay(seconds * 1000, undefined, { signal: cancel }));
  return {
    built: new BuiltWorkspace(options.root ?? REPOSITORY),
    workspace: workspaceValues(options.resources ?? {}),
    api,
    emit: options.onEvent ?? (() => undefined),
    faults: options.faults ?? (() => undefined),
    workers: options.workers ?? new Workers(Number.POSITIVE_INFINITY),
    cancel,
    approve:
      approve === undefined
        ? undefined
        : (suspended) =>
            unlessCanceled(cancel, async () =>
              typeof approve === "function" ? approve(suspended) : approve,
            ),
    sleep: (seconds) => unlessCanceled(cancel, () => wait(seconds)),
  };
}

export function progressOf({ onEvent }: RunOptions): OnProgress {
  return (jobId, percent) => onEvent?.({ kind: "progress", jobId, percent });
}
