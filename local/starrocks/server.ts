import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import type { StarRocksVersion } from "./basics/versions.ts";
import { Cluster } from "./engine/cluster.ts";
import type { Faults } from "./engine/faults.ts";
import { Ticker } from "./jobs/ticker.ts";
import { Connection, type Encryption } from "./protocol/connection.ts";
import { ClusterSession } from "./session-handler.ts";

export type StarRocksOptions = Readonly<{
  /** Address to listen on. (Default: 127.0.0.1) */
  host?: string;
  /** 0: any free port. (Default: 0) */
  port?: number;
  /** State folder; without one the cluster lives in memory. */
  dir?: string;
  /** Folder that stands for the object store; several servers may share it. */
  repositories?: string;
  /** Length of the leader's backup/restore tick. (Default: 3000) */
  tickMs?: number;
  version?: StarRocksVersion;
  rootPassword?: string;
  /** Alive backends. (Default: 1) */
  backends?: number;
  /** FEs besides the leader, on ports of their own. (Default: 0) */
  followers?: number;
  /**
   * PEM texts: clients may then encrypt their connections. `clientCa`: they have to show a certificate of this CA, as a proxy
   * before an FE may ask; an FE itself never does (§15).
   */
  tls?: Readonly<{ key: string; cert: string; clientCa?: string }>;
}>;

export type StarRocks = Readonly<{
  host: string;
  port: number;
  /** Ports of the followers. */
  followers: readonly number[];
  /** The metadata; `cluster.knobs` and `cluster.deadBackends` make the cluster misbehave. */
  cluster: Cluster;
  /** Errors, delays and lost connections for chosen statements. */
  faults: Faults;
  /** Pause, resume or do by hand the ticks of backup and restore jobs. */
  ticker: Ticker;
  /** Ends the server; starting another one on the same `dir` is a restart of the FE. */
  close(): Promise<void>;
}>;

const serverVersion = "8.0.33";

export async function startStarRocks(options: StarRocksOptions = {}): Promise<StarRocks> {
  const scratch = options.dir === undefined ? mkdtempSync(join(tmpdir(), "starrocks-")) : undefined;
  const home = options.dir ?? scratch ?? "";
  const cluster = await Cluster.open({
    dir: options.dir,
    repositories: options.repositories ?? join(home, "repositories"),
    staging: join(home, "staging"),
    version: options.version ?? "3.5",
    backends: options.backends ?? 1,
    ...(options.rootPassword !== undefined && { rootPassword: options.rootPassword }),
  });
  const { faults } = cluster;
  const open = new Map<number, { connection: Connection; session: ClusterSession }>();
  const serving = new Set<Promise<void>>();
  let lastId = 0;
  const host = options.host ?? "127.0.0.1";
  cluster.host = host;
  const secure = options.tls && encryption(options.tls);
  const accept = (frontend: number) => (socket: Socket) => {
    lastId += 1;
    const id = lastId;
    const session = new ClusterSession(id, frontend, cluster, () => open.delete(id));
    const connection = new Connection(socket, session, secure);
    open.set(id, { connection, session });
    const served = connection.serve(id, serverVersion).finally(() => serving.delete(served));
    serving.add(served);
  };
  const frontends = Array.from({ length: 1 + (options.followers ?? 0) }, (_, index) =>
    createServer(accept(index)),
  );
  const ticker = new Ticker(cluster, options.tickMs ?? 3000);
  for (const [index, server] of frontends.entries())
    cluster.frontendPorts.push(await listen(server, host, index === 0 ? (options.port ?? 0) : 0));
  const [port = 0, ...followers] = cluster.frontendPorts;
  cluster.connections = {
    list: () => [...open.values()].map(({ session }) => session.session),
    kill: (id) => {
      const found = open.get(id);
      found?.connection.drop();
      return found !== undefined;
    },
  };
  ticker.start();
  return {
    host,
    port,
    followers,
    cluster,
    faults,
    ticker,
    async close() {
      const closed = Promise.all(frontends.map((server) => new Promise((resolve) => server.close(resolve))));
      for (const { connection } of open.values()) connection.drop();
      await closed;
      await Promise.allSettled(serving);
      await ticker.pause();
      await cluster.close();
      if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
    },
  };
}

function encryption({ key, cert, clientCa }: NonNullable<StarRocksOptions["tls"]>): Encryption {
  return {
    context: createSecureContext({ key, cert, ...(clientCa !== undefined && { ca: clientCa }) }),
    clientCa: clientCa === undefined ? undefined : new X509Certificate(clientCa),
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no TCP address"));
      else resolve(address.port);
    });
  });
}
