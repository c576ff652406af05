import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { JsonObject } from "../../../windmill/json.ts";
import type { BuiltScript } from "../built-workspace.ts";
import type { RunContext } from "../run-context.ts";
import { type JobPlace, jobEnvironment } from "./environment.ts";
import type { ObservedProcess } from "./fault.ts";
import { executionError, type JobOutcome, lostTooOften, outcomeOf } from "./job-outcome.ts";
import { type JobProcess, type ProcessEnd, startJobProcess } from "./job-process.ts";
import { objectAsJsonb } from "./jsonb.ts";
import { NotFoundError, resolveArguments } from "./workspace-values.ts";
import { wrapper } from "./wrapper.ts";

/** One job: a script, its arguments before `$res:` is resolved, and its place in a flow. */
export interface Job {
  readonly path: string;
  readonly args: JsonObject;
  readonly place: JobPlace;
  readonly timeoutSeconds?: number | undefined;
}

/** How often Windmill puts a job of a dead worker back into the queue. */
const MAX_RESTARTS = 3;

/**
 * Runs a job to its end, through the faults the run's plan has for it.
 *
 * @throws {CanceledRun} when the run is cancelled before a worker takes the job.
 */
export async function runJob(run: RunContext, job: Job): Promise<JobOutcome> {
  const queued = { ...job, id: randomUUID(), scheduledFor: new Date(), args: objectAsJsonb(job.args) };
  const script = await run.built.script(job.path);
  return await run.workers.hold(run.cancel, () => runQueuedJob(run, { ...queued, script }));
}

async function runQueuedJob(run: RunContext, job: QueuedJob): Promise<JobOutcome> {
  const { path, id: jobId } = job;
  const { stepId, rootJobId } = job.place;
  run.emit({ kind: "started", stepId, path, jobId, rootJobId: rootJobId === "" ? jobId : rootJobId });
  const since = performance.now();
  const { success, result, ...rest } = await resolvedAndExecuted(run, job);
  const milliseconds = Math.round(performance.now() - since);
  run.emit({ kind: "finished", stepId, path, jobId, success, result, milliseconds });
  return { success, result, ...rest };
}

interface QueuedJob extends Job {
  readonly id: string;
  readonly scheduledFor: Date;
  readonly script: BuiltScript;
}

/** The worker resolves references when it prepares the process, so what is missing fails the job. */
async function resolvedAndExecuted(run: RunContext, job: QueuedJob): Promise<JobOutcome> {
  let args: JsonObject;
  try {
    args = resolveArguments(job.args, run.workspace);
  } catch (error) {
    if (error instanceof NotFoundError) return executionError(error.message, job.place.stepId);
    throw error;
  }
  return await execute(run, { ...job, args }, 0);
}

async function execute(run: RunContext, job: QueuedJob, execution: number): Promise<JobOutcome> {
  const { stepId } = job.place;
  const fault = run.faults({ stepId, path: job.path, jobId: job.id, execution });
  const process = await start(run, job);
  const finish = (end: ProcessEnd) => outcomeOf(end, stepId);
  switch (fault?.kind) {
    case undefined:
      return finish(await process.ended);
    case "kill":
      return finish(await killWhen(process, fault.when));
    case "kill-and-restart": {
      const end = await killWhen(process, fault.when);
      // A process that was faster than its killer has a result, and the job is over.
      return end.kind === "killed" ? await restart(run, job, execution) : finish(end);
    }
    case "lose-result-and-restart":
      await process.ended;
      return await restart(run, job, execution);
    case "stall-and-restart": {
      const ended = await Promise.race([fault.when(process).then(() => undefined), process.ended]);
      // A process that did not come to its standstill has a result, and the job is over.
      if (ended !== undefined) return finish(ended);
      const outcome = await restart(run, job, execution);
      fault.resume();
      await process.ended;
      return outcome;
    }
    case "run-twice-at-once": {
      const other = await start(run, job);
      const first = await Promise.race([process.ended, other.ended]);
      await Promise.all([process.ended, other.ended]);
      return finish(first);
    }
  }
}

async function restart(run: RunContext, job: QueuedJob, execution: number): Promise<JobOutcome> {
  if (execution >= MAX_RESTARTS) return lostTooOften(new Date(), MAX_RESTARTS);
  run.emit({ kind: "restarting", stepId: job.place.stepId, jobId: job.id });
  return await execute(run, job, execution + 1);
}

type Observed = JobProcess & ObservedProcess;

async function start(run: RunContext, job: QueuedJob): Promise<Observed> {
  const { stepId } = job.place;
  const listeners = new Set<(line: string) => void>();
  const process = await startJobProcess({
    wrapper: wrapper(job.script.file, job.script.signature),
    args: job.args,
    environment: jobEnvironment({ ...job, scriptHash: job.script.hash }, job.place, run.api),
    timeoutSeconds: job.timeoutSeconds,
    cancel: run.cancel,
    onLine: (line, stream) => {
      run.emit({ kind: "log", stepId, stream, line });
      for (const listener of listeners) listener(line);
    },
  });
  return {
    ...process,
    milliseconds: (duration) => delay(duration),
    line: (pattern) =>
      new Promise<void>((resolve) => {
        listeners.add((line) => {
          if (pattern.test(line)) resolve();
        });
      }),
  };
}

async function killWhen(
  process: Observed,
  when: (process: ObservedProcess) => Promise<unknown>,
): Promise<ProcessEnd> {
  await Promise.race([when(process), process.ended]);
  process.kill();
  return await process.ended;
}
