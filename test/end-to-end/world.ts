import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StarRocks, type StarRocksOptions, startStarRocks } from "../../local/starrocks/server.ts";
import { type Client, connect } from "../../local/walkthrough/client.ts";
import { type RunOutcome, runFlow } from "../../local/windmill/run-flow.ts";
import type { RunOptions } from "../../local/windmill/run-options.ts";
import { runScript } from "../../local/windmill/run-script.ts";
import { isJsonObject, type Json, type JsonObject } from "../../windmill/json.ts";

/** An embedded cluster, a client of the business, and the built scripts and flows pointed at the cluster. */
export interface World {
  readonly starrocks: StarRocks;
  readonly client: Client;
  /** What a user would put into the starrocks resource; tests may change it. */
  readonly resource: Record<string, Json>;
  flow(name: string, input: JsonObject, options?: RunOptions): Promise<RunOutcome>;
  script(name: string, input: JsonObject, options?: RunOptions): Promise<RunOutcome>;
  close(): Promise<void>;
}

const noSleep = async () => undefined;

export interface WorldOptions extends StarRocksOptions {
  /** Database of the catalog, when it is not `ops`. */
  readonly opsDatabase?: string;
}

/** Starts an empty cluster with the repository `repo`. */
export async function world({ opsDatabase, ...options }: WorldOptions = {}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), "starrocks-backup-test-"));
  const starrocks = await startStarRocks({ dir, tickMs: 20, ...options });
  const client = await connect(starrocks.host, starrocks.port);
  await client.run(`CREATE REPOSITORY repo WITH BROKER ON LOCATION "s3://bucket/prefix"
    PROPERTIES ("aws.s3.access_key" = "a", "aws.s3.secret_key" = "b")`);
  const resource: Record<string, Json> = {
    host: starrocks.host,
    port: starrocks.port,
    user: "root",
    password: "",
    repository: "repo",
    ...(opsDatabase !== undefined && { ops_database: opsDatabase }),
  };
  return {
    starrocks,
    client,
    resource,
    flow: (name, input, run = {}) =>
      runFlow(name, { starrocks: resource, ...input }, { sleep: noSleep, approve: "approve", ...run }),
    script: (name, input, run = {}) =>
      runScript(name, { starrocks: resource, ...input }, { sleep: noSleep, ...run }),
    async close() {
      await client.close();
      await starrocks.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The same, with the catalog created and groups filled. */
export async function worldWithGroups(
  groups: Readonly<Record<string, readonly string[]>>,
  prepare: (client: Client) => Promise<void>,
  options: WorldOptions = {},
): Promise<World> {
  const made = await world(options);
  await prepare(made.client);
  succeeded(await made.script("init", {}));
  for (const [group, add] of Object.entries(groups))
    succeeded(await made.script("inventory", { group, add }));
  return made;
}

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

/** All slots that somebody still holds. */
export async function heldSlots(client: Client, opsDatabase = "ops"): Promise<readonly unknown[]> {
  return await client.rows(
    `SELECT scope, label, run_id FROM ${opsDatabase}.run_status WHERE state = 'ACTIVE'`,
  );
}

/** All tables of a database, hidden helpers of a restore included. */
export async function tableNames(client: Client, database: string): Promise<readonly string[]> {
  const rows = await client.rows(
    `SELECT TABLE_NAME AS name FROM information_schema.tables WHERE TABLE_SCHEMA = '${database}' ORDER BY name`,
  );
  return rows.map((row) => String(row["name"]));
}
