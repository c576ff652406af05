import type { ConnectionOptions } from "mysql2/promise";
import { type StarRocks, type StarRocksOptions, startStarRocks } from "../../local/starrocks/server.ts";
import { type Client, connectTo } from "./client.ts";

/** An embedded server, with sessions on it over TCP, as any tool would connect. */
export interface Embedded {
  readonly server: StarRocks;
  /** A session of root. */
  readonly client: Client;
  /** One more, ended with the server. */
  connect(options?: ConnectionOptions): Promise<Client>;
  close(): Promise<void>;
}

/** Starts a server in memory whose backup jobs get on within milliseconds. */
export async function startEmbedded(options: StarRocksOptions = {}): Promise<Embedded> {
  const server = await startStarRocks({ tickMs: 5, ...options });
  const sessions: Client[] = [];
  async function connect(more: ConnectionOptions = {}): Promise<Client> {
    const session = await connectTo({ host: server.host, port: server.port, user: "root", ...more });
    sessions.push(session);
    return session;
  }
  return {
    server,
    client: await connect(),
    connect,
    async close() {
      for (const { connection } of sessions) connection.destroy();
      await server.close();
    },
  };
}

export function createRepository(name: string, location = "s3://bucket/prefix"): string {
  return `CREATE REPOSITORY ${name} WITH BROKER ON LOCATION "${location}" PROPERTIES ("aws.s3.region" = "x")`;
}
