import type { ConnectionOptions } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, describe, test } from "vitest";
import type { StarRocks, StarRocksOptions } from "../../local/starrocks/server.ts";
import { type Client, connectTo } from "./client.ts";
import { createRepository, type Embedded, startEmbedded } from "./embedded.ts";

/**
 * The cases of `conformance` state facts about StarRocks and run against the embedded server, or, with
 * `STARROCKS_URL=mysql://user:password@host:9030 STARROCKS_REPOSITORY=name`, against a real cluster.
 * A case makes databases with names of its own, which are dropped after it, and takes labels of its own.
 */
const url = process.env["STARROCKS_URL"];

export const isReal = url !== undefined;

/** A case that a real cluster cannot run; the reason stands beside its name when it is skipped. */
export const testEmbedded = (name: string, why: string, body: () => Promise<void>): void =>
  test.skipIf(isReal)(isReal ? `${name} (embedded only: ${why})` : name, body);

/** A group of such cases, for example those of one version: `useCluster({ version })` belongs inside. */
export const describeEmbedded = (name: string, why: string, body: () => void): void => {
  describe.skipIf(isReal)(isReal ? `${name} (embedded only: ${why})` : name, body);
};

const start = process.pid.toString(36) + Date.now().toString(36);
let lastName = 0;

/** A name nobody else has, as database, table or label. */
export function unique(prefix: string): string {
  lastName += 1;
  return `${prefix}_${start}_${lastName}`;
}

export interface TestCluster {
  /** A session of the administrator, shared by the cases of a file. */
  readonly client: Client;
  /** The repository the cases back up to. */
  readonly repository: string;
  /** A new database, dropped after the case. */
  database(): Promise<string>;
  /** Has a database dropped after the case that a statement makes by itself. */
  dropLater(database: string): string;
  /** One more session, closed after the case. */
  connect(options?: ConnectionOptions): Promise<Client>;
  /** A new shared session, after the server ended all of them. */
  reconnect(): Promise<void>;
  /** The server itself, for knobs; only in cases marked `testEmbedded` or `describeEmbedded`. */
  readonly embedded: StarRocks;
  /** Of the cluster at hand: `atLeast(4.1)`. */
  atLeast(version: number): boolean;
}

/** One cluster for the cases of a file or a `describe`. */
export function useCluster(options: StarRocksOptions = {}): TestCluster {
  let embedded: Embedded | undefined;
  let client: Client | undefined;
  let version = 0;
  let databases: string[] = [];
  let sessions: Client[] = [];
  const address = (): ConnectionOptions =>
    embedded ? addressOfServer(embedded.server) : addressOf(url ?? "");
  const live = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new Error(`${what} is there only while cases run`);
    return value;
  };
  const repository = process.env["STARROCKS_REPOSITORY"] ?? "repo";

  beforeAll(async () => {
    if (!isReal) embedded = await startEmbedded({ tickMs: 20, ...options });
    client = await connectTo(address());
    if (!isReal) await client.run(createRepository(repository));
    const [row] = await client.rows("SELECT current_version() AS v");
    version = Number.parseFloat(String(row?.["v"]));
  });
  afterEach(async () => {
    if (embedded) resetKnobs(embedded.server);
    for (const session of sessions) session.connection.destroy();
    sessions = [];
    if (client) await dropAll(client, databases);
    databases = [];
  });
  afterAll(async () => {
    client?.connection.destroy();
    await embedded?.close();
  });

  return {
    get client() {
      return live(client, "The client");
    },
    repository,
    async database() {
      const name = unique("db");
      databases.push(name);
      await live(client, "The client").run(`CREATE DATABASE ${name}`);
      return name;
    },
    dropLater(name) {
      databases.push(name);
      return name;
    },
    async connect(more = {}) {
      const session = await connectTo({ ...address(), ...more });
      sessions.push(session);
      return session;
    },
    async reconnect() {
      client?.connection.destroy();
      client = await connectTo(address());
    },
    get embedded() {
      return live(embedded, "The embedded server").server;
    },
    atLeast: (wanted) => version >= wanted,
  };
}

/** A job a case left running would hold its tables in state RESTORE. */
async function dropAll(client: Client, databases: readonly string[]): Promise<void> {
  for (const kind of databases.length > 0 ? ["BACKUP", "RESTORE"] : [])
    for (const { DbName: name, State: state } of await client.rows(`SHOW ${kind}`))
      if (databases.includes(String(name)) && state !== "FINISHED" && state !== "CANCELLED")
        await client.run(`CANCEL ${kind} FROM \`${name}\``);
  for (const name of databases) await client.run(`DROP DATABASE IF EXISTS \`${name}\` FORCE`);
}

function addressOfServer({ host, port }: StarRocks): ConnectionOptions {
  return { host, port, user: "root" };
}

function addressOf(text: string): ConnectionOptions {
  const { hostname, port, username, password } = new URL(text);
  return {
    host: hostname,
    port: Number(port || "9030"),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

/** A knob turned by one case must not reach the next. */
function resetKnobs({ faults, ticker, cluster }: StarRocks): void {
  faults.clear();
  cluster.deadBackends.clear();
  cluster.frontendConfig.clear();
  cluster.overwriteBarrier = async () => undefined;
  Object.assign(cluster.knobs, {
    nextVersionGap: 0,
    failStep: undefined,
    failJob: undefined,
    stallJob: undefined,
    restartAt: undefined,
    follower: false,
    submitLockHeld: false,
    clockOffsetMs: 0,
    staleStatistics: false,
    diskBytes: 100 * 2 ** 30,
    showTimesInUtc8: false,
  });
  ticker.start();
}
