import type { BackupType } from "../../lib/catalog/history.ts";
import { DropConnection } from "../../local/starrocks/basics/errors.ts";
import type { RunEvent } from "../../local/windmill/events.ts";
import type { FaultPlan, StepFault } from "../../local/windmill/job/fault.ts";
import type { RunOutcome } from "../../local/windmill/run-flow.ts";
import type { JsonObject } from "../../windmill/json.ts";
import type { Client } from "../support/client.ts";
import { succeeded } from "../support/outcomes.ts";
import { type World, worldWithGroups } from "../support/world.ts";
import { sell, tinyShop } from "./shop.ts";
import { statementShape } from "./statement-shape.ts";

export type BackupKind = BackupType | "nothing to do";

/** What happens to a step: where it strikes, and how the step is run again. */
export interface Strike {
  readonly stepId: string;
  readonly shape: string;
  /** Just before StarRocks executes the statement, or after it did and before it answers. */
  readonly when: "before" | "after";
  /**
   * `while it stands still`: the process is not killed; it goes on when the one that replaced it has ended. `by the
   * flow`: nothing but the process dies (out of memory), so that no worker runs the job again; the flow's retry does,
   * as a new job.
   */
  readonly again: "once" | "twice at once" | "while it stands still" | "by the flow";
}

/** A statement that a step sent. */
export interface Sent {
  readonly stepId: string;
  readonly sql: string;
}

export interface Performance {
  readonly outcome: RunOutcome;
  /** Statements of the steps' processes up to the kill, in order; without one all of them. */
  readonly sent: readonly Sent[];
  readonly struck: boolean;
}

/** A world in which flows are run, one after the other, watched statement by statement. */
export interface Stage {
  readonly world: World;
  /** Runs a flow, perhaps with a strike. */
  perform(flow: string, input: JsonObject, strike?: Strike): Promise<Performance>;
}

/** A stage for backups of a tiny shop. */
export interface BackupStage extends Stage {
  /** A backup of the given kind, of a shop in which something was sold before, unless there is to be nothing to do. */
  backUp(kind: BackupKind, strike?: Strike): Promise<Performance>;
}

/** Steps of a job per look at it: two looks see it work, the next sees it finished. */
const ticksPerLook = 2;

/**
 * Builds a world around some tables.
 *
 * The jobs of StarRocks get on only when a step looks at them, so that every run sends the same statements.
 */
export async function buildStage(
  group: readonly string[],
  prepare: (client: Client) => Promise<void>,
): Promise<Stage> {
  const world = await worldWithGroups({ g: group }, prepare);
  await world.starrocks.ticker.pause();
  return { world, perform: (flow, input, strike) => perform(world, flow, input, strike) };
}

/** Builds a world with one full backup. */
export async function buildBackupStage(): Promise<BackupStage> {
  const bare = await buildStage(["shop.*"], tinyShop);
  const stage: BackupStage = {
    ...bare,
    async backUp(kind, strike) {
      if (kind === "nothing to do")
        return await bare.perform("backup", { group: "g", type: "incremental", baseline: "latest" }, strike);
      await sell(bare.world.client);
      return await bare.perform("backup", { group: "g", type: kind }, strike);
    },
  };
  const { outcome } = await stage.backUp("full");
  succeeded(outcome);
  return stage;
}

async function perform(
  world: World,
  flow: string,
  input: JsonObject,
  strike: Strike | undefined,
): Promise<Performance> {
  const { starrocks } = world;
  const sent: Sent[] = [];
  const hit = signal();
  const over = signal();
  let stepId: string | undefined;

  const strikes = (sql: string, when: Strike["when"]) =>
    !hit.given && strike?.stepId === stepId && strike?.when === when && strike.shape === statementShape(sql);
  const disarm = starrocks.faults.add({
    match: /^/,
    times: Number.POSITIVE_INFINITY,
    async before(sql) {
      if (stepId !== undefined && !hit.given) sent.push({ stepId, sql });
      if (strikes(sql, "before")) {
        hit.give();
        await over.when;
        if (strike?.again !== "while it stands still") throw new DropConnection();
      }
      if (/^SHOW (BACKUP|RESTORE)/.test(sql)) await world.ticks(ticksPerLook);
    },
    async after(sql) {
      if (!strikes(sql, "after")) return;
      hit.give();
      await over.when;
    },
  });
  const onEvent = (event: RunEvent) => {
    if (event.kind === "started") stepId = event.stepId;
    if (event.kind === "finished") stepId = undefined;
    if (event.kind === "restarting" && strike?.again !== "while it stands still") over.give();
    if (event.kind === "retrying" && strike?.again === "by the flow") over.give();
  };
  try {
    const outcome = await world.flow(flow, input, { onEvent, faults: faultPlan(strike, hit, over) });
    return { outcome, sent, struck: hit.given && over.given };
  } finally {
    disarm();
  }
}

/** Kills or stalls the first process of the step at the signal `hit`, and none after it. */
function faultPlan(strike: Strike | undefined, hit: Signal, over: Signal): FaultPlan {
  return (step) => {
    if (strike === undefined || step.stepId !== strike.stepId) return undefined;
    if (!hit.given) return firstFault(strike, hit, over);
    return step.execution === 1 && strike.again === "twice at once"
      ? { kind: "run-twice-at-once" }
      : undefined;
  };
}

function firstFault({ again }: Strike, hit: Signal, over: Signal): StepFault {
  const when = () => hit.when;
  if (again === "while it stands still")
    return { kind: "stall-and-restart", when, resume: () => over.give() };
  return again === "by the flow" ? { kind: "kill", when } : { kind: "kill-and-restart", when };
}

interface Signal {
  readonly given: boolean;
  readonly when: Promise<void>;
  give(): void;
}

function signal(): Signal {
  let resolve: () => void = () => undefined;
  const when = new Promise<void>((settle) => {
    resolve = settle;
  });
  let given = false;
  return {
    get given() {
      return given;
    },
    when,
    give() {
      given = true;
      resolve();
    },
  };
}
