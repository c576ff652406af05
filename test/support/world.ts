import type { ClusterSettings } from "../../lib/operations/step/settings.ts";
import type { StarRocks, StarRocksOptions } from "../../local/starrocks/server.ts";
import { type RunOutcome, runFlow } from "../../local/windmill/run-flow.ts";
import type { RunOptions } from "../../local/windmill/run-options.ts";
import { runScript } from "../../local/windmill/run-script.ts";
import type { Json, JsonObject } from "../../windmill/json.ts";
import { callScript, type ScriptName } from "./call-script.ts";
import type { Client } from "./client.ts";
import { createRepository, startEmbedded } from "./embedded.ts";
import { succeeded } from "./outcomes.ts";

/** An embedded cluster, a client of the business, and the scripts and flows pointed at the cluster. */
export interface World {
  readonly starrocks: StarRocks;
  readonly client: Client;
  /** What a user would put into the starrocks resource; tests may change it. */
  readonly resource: Record<string, Json>;
  /** The same, as the operations of the library take it. */
  readonly settings: ClusterSettings;
  /** Runs a built flow, each step in a process. */
  flow(name: string, input: JsonObject, options?: RunOptions): Promise<RunOutcome>;
  /** Runs a built script in a process: where that it is one matters, or what it logs. */
  script(name: string, input: JsonObject, options?: RunOptions): Promise<RunOutcome>;
  /** Does what a script does, without a process. */
  call(name: ScriptName, input: JsonObject): Promise<RunOutcome>;
  /** Makes a backup as its flow does, without a process, for what comes after it; gives what the report gives. */
  backUp(input: JsonObject): Promise<JsonObject>;
  /** The same for a restore, which is approved. */
  restore(input: JsonObject): Promise<JsonObject>;
  /** The same for an undo. */
  undo(input: JsonObject): Promise<JsonObject>;
  /** Lets the leader's thread take so many steps of every job, while it is paused. */
  ticks(count: number): Promise<void>;
  /** Moves the cluster's clock. */
  passSeconds(seconds: number): void;
  close(): Promise<void>;
}

export interface WorldOptions extends StarRocksOptions {
  /** Database of the catalog, when it is not `ops`. */
  readonly opsDatabase?: string;
}

const noSleep = async () => undefined;

/** Starts an empty cluster with the repository `repo`. */
export async function world({ opsDatabase = "ops", ...options }: WorldOptions = {}): Promise<World> {
  const { server: starrocks, client, close } = await startEmbedded(options);
  await client.run("SET time_zone = '+00:00'");
  await client.run(createRepository("repo"));
  const { host, port } = starrocks;
  const resource: Record<string, Json> = {
    ...{ host, port, user: "root", password: "", repository: "repo", ops_database: opsDatabase },
  };
  const call = (name: ScriptName, input: JsonObject) => callScript(name, { starrocks: resource, ...input });
  /** Polls a planned run to its end as whoever planned it, and reports it. */
  async function carryOn({ starrocks: own, into }: JsonObject, plan: JsonObject): Promise<JsonObject> {
    const { run_id = null, notes = [] } = plan;
    const who = { ...(own !== undefined && { starrocks: own }), ...(into !== undefined && { into }) };
    for (;;) {
      const { done } = succeeded(await call("poll", { ...who, run_id, wait_seconds: 60 }));
      if (done === true) return succeeded(await call("report", { ...who, run_id, notes }));
    }
  }
  return {
    starrocks,
    client,
    resource,
    settings: {
      address: { hosts: [host], port, user: "root", password: "", tls: undefined },
      repository: "repo",
      opsDatabase,
    },
    flow: (name, input, run = {}) =>
      runFlow(name, { starrocks: resource, ...input }, { sleep: noSleep, approve: "approve", ...run }),
    script: (name, input, run = {}) =>
      runScript(name, { starrocks: resource, ...input }, { sleep: noSleep, ...run }),
    call,
    backUp: async (input) => carryOn(input, succeeded(await call("plan", input))),
    async restore(input) {
      const plan = succeeded(await call("restore_plan", { ...input }));
      const { run_id = null, plan_hash = null } = plan;
      succeeded(await call("restore", { ...input, run_id, plan_hash, approved: true }));
      return await carryOn(input, plan);
    },
    async undo(input) {
      const plan = succeeded(await call("undo_plan", { ...input }));
      const { run_id = null, plan_hash = null } = plan;
      succeeded(await call("undo", { run_id, plan_hash, approved: true }));
      return await carryOn(input, plan);
    },
    async ticks(count) {
      for (let tick = 0; tick < count; tick++) await starrocks.ticker.tick();
    },
    passSeconds(seconds) {
      starrocks.cluster.knobs.clockOffsetMs += seconds * 1000;
    },
    close,
  };
}

/** Starts a cluster with tables, the catalog and groups. */
export async function worldWithGroups(
  groups: Readonly<Record<string, readonly string[]>>,
  prepare: (client: Client) => Promise<void>,
  options: WorldOptions = {},
): Promise<World> {
  const made = await world(options);
  await prepare(made.client);
  succeeded(await made.call("init", {}));
  for (const [group, add] of Object.entries(groups)) succeeded(await made.call("inventory", { group, add }));
  return made;
}
