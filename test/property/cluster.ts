import { initCatalog } from "../../lib/operations/catalog/init.ts";
import type { Progress } from "../../lib/operations/step/progress.ts";
import type { ClusterSettings } from "../../lib/operations/step/settings.ts";
import { type StarRocks, startStarRocks } from "../../local/starrocks/server.ts";
import { type Client, connect } from "../../local/walkthrough/client.ts";

/** An embedded cluster whose backup thread and clock only move when a test says so, with the product's catalog in it. */
export interface TestCluster {
  readonly starrocks: StarRocks;
  readonly client: Client;
  readonly settings: ClusterSettings;
  /** Lets the leader's thread take so many steps of every job. */
  ticks(count: number): Promise<void>;
  passSeconds(seconds: number): void;
  close(): Promise<void>;
}

/** A finished job needs six steps; more do nothing. */
export const wholeJob = 8;

export const silent: Progress = { say: () => undefined, percent: async () => undefined };

export async function startCluster(): Promise<TestCluster> {
  const starrocks = await startStarRocks();
  await starrocks.ticker.pause();
  const client = await connect(starrocks.host, starrocks.port);
  await client.run(`CREATE REPOSITORY repo WITH BROKER ON LOCATION "s3://bucket/prefix"
    PROPERTIES ("aws.s3.access_key" = "a", "aws.s3.secret_key" = "b")`);
  const settings: ClusterSettings = {
    address: {
      hosts: [starrocks.host],
      port: starrocks.port,
      user: "root",
      password: "",
      tls: undefined,
    },
    repository: "repo",
    opsDatabase: "ops",
  };
  await initCatalog(settings, 1, silent);
  return {
    starrocks,
    client,
    settings,
    async ticks(count) {
      for (let tick = 0; tick < count; tick++) await starrocks.ticker.tick();
    },
    passSeconds(seconds) {
      starrocks.cluster.knobs.clockOffsetMs += seconds * 1000;
    },
    async close() {
      await client.close();
      await starrocks.close();
    },
  };
}
