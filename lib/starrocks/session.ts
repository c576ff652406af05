import { createPrivateKey, X509Certificate } from "node:crypto";
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type ResultSetHeader,
  type SslOptions,
} from "mysql2";
import { type FaultKind, faultKind, StarRocksFault } from "./fault.ts";
import { otherLeader, readFrontends } from "./leader.ts";
import { checkIdentity } from "./peer-identity.ts";
import { placeOf } from "./place.ts";
import { wayFault } from "./way-fault.ts";

/** Where a cluster is and how to log in. */
export interface ClusterAddress {
  /** FE hosts, tried in this order. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly tls: Tls | undefined;
  /** What errors call it where a step works with two: `the cluster to restore into (fe2:9030)`. */
  readonly called?: string;
}

/** PEM texts. */
export interface Tls {
  /** What has signed the server's certificate; without it one of the system's. */
  readonly ca?: string;
  /** For a server that asks for one. */
  readonly client?: { readonly cert: string; readonly key: string };
}

/** One value of a row. BIGINT and DECIMAL arrive as text (no digit is lost), DATE and DATETIME as text in UTC. */
export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

/** One connection to a cluster, in the time zone UTC, text protocol only. */
export interface Session {
  /** What errors call the cluster, where a step works with two. */
  readonly called?: string;
  /** Runs one statement that returns rows. `doing` completes "Could not …" in an error. */
  query(sql: string, doing: string): Promise<readonly Row[]>;
  /** The same for very many rows: hands over one after the other and keeps none. */
  each(sql: string, doing: string, onRow: (row: Row) => void): Promise<void>;
  /** Runs one statement that returns none; gives the affected rows (0 for a DELETE outside PRIMARY KEY tables). */
  execute(sql: string, doing: string): Promise<number>;
  /** What SHOW FRONTENDS said when the session began; undefined where the user may not see that. */
  readonly frontends: readonly Row[] | undefined;
  /** A second connection to the same cluster, for a sign of life while a long statement runs on this one. */
  another(): Promise<Session>;
  close(): Promise<void>;
}

/**
 * Connects to the first host that answers, and from there to the leader.
 *
 * The session's time zone is UTC, so that `now()` and every DATETIME mean the same on each cluster.
 *
 * @throws {StarRocksFault} `CLUSTER_UNREACHABLE` when no host answers, `LOGIN_REFUSED` at once when one does and
 * refuses.
 */
export async function openSession(address: ClusterAddress): Promise<Session> {
  let unreachable: StarRocksFault | undefined;
  for (const host of address.hosts) {
    try {
      return await onLeader(await connect(host, address), host, address);
    } catch (error) {
      if (!(error instanceof StarRocksFault) || error.kind !== "connection") throw error;
      unreachable = error;
    }
  }
  throw unreachable ?? new StarRocksFault("connection", "connect to StarRocks", "no host is given");
}

/** Moves on to the leader where it can be found and reached; any frontend will do otherwise. */
async function onLeader(given: Session, host: string, address: ClusterAddress): Promise<Session> {
  const frontends = await readFrontends(given);
  const session = { ...given, frontends };
  const leader = otherLeader(frontends ?? [], host, address);
  const [leaderHost] = leader?.hosts ?? [];
  if (leader === undefined || leaderHost === undefined) return session;
  try {
    const moved = await connect(leaderHost, leader, leaderTimeoutMs);
    await session.close();
    return { ...moved, frontends };
  } catch (error) {
    // Behind a load balancer or NAT the frontends' own addresses may be out of reach.
    if (error instanceof StarRocksFault && error.kind === "connection") return session;
    throw error;
  }
}

const leaderTimeoutMs = 2000;

async function connect(host: string, address: ClusterAddress, timeoutMs = 10_000): Promise<Session> {
  const place = placeOf(host, address.port);
  checkCertificates(address);
  const connection = createConnection(connectionOptions(host, address, timeoutMs));
  if (address.tls !== undefined) checkIdentity(connection, host);
  // A lost connection also surfaces as an unhandled "error" event, which would end the process before the
  // statement's own rejection is handled.
  connection.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => {
      if (error === null) resolve();
      else if (serverCode(error) === undefined)
        reject(asFault(error, onCalled(address, "connect to StarRocks"), place));
      else reject(asFault(error, onCalled(address, `log in to StarRocks at ${place}`), place));
    });
  });
  const session = sessionOver(connection, address, place);
  await session.execute("SET time_zone = '+00:00'", "set the session's time zone");
  return session;
}

function connectionOptions(host: string, address: ClusterAddress, timeoutMs: number): ConnectionOptions {
  return {
    host,
    port: address.port,
    user: address.user,
    password: address.password,
    connectTimeout: timeoutMs,
    // A driver must neither convert zones nor round 64-bit numbers (VERSION_EPOCH is one).
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    // StarRocks marks text as utf8 (charset 33), for which mysql2 would read four-byte characters wrongly.
    typeCast: (field, next) => (textTypes.has(field.type) ? field.string("utf8") : next()),
    // Some of the longest statements name 20,000 partitions; a dead peer must still be noticed.
    enableKeepAlive: true,
    ...(address.tls && { ssl: sslOptions(address.tls) }),
  };
}

/** Whom the certificate is for is looked at by {@link checkIdentity}. */
function sslOptions({ client, ...trusted }: Tls): SslOptions {
  return { ...trusted, ...client, verifyIdentity: false };
}

const textTypes: ReadonlySet<string> = new Set(["STRING", "VAR_STRING", "VARCHAR", "BLOB"]);

function sessionOver(connection: Connection, address: ClusterAddress, place: string): Session {
  const promising = connection.promise();
  const fault = (error: unknown, doing: string) => asFault(error, onCalled(address, doing), place);
  return {
    ...(address.called !== undefined && { called: address.called }),
    async query(sql, doing) {
      const [rows] = await promising.query(sql).catch((error: unknown) => {
        throw fault(error, doing);
      });
      return rows as readonly Row[];
    },
    async each(sql, doing, onRow) {
      let lost: (error: unknown) => void = () => undefined;
      const done = new Promise<void>((resolve, reject) => {
        // A query without a callback hears nothing of a lost connection: only the connection does.
        lost = (error) => reject(fault(error, doing));
        connection.once("error", lost);
        connection
          .query(sql)
          .on("error", lost)
          .on("end", resolve)
          .on("result", (row: Row) => {
            try {
              onRow(row);
            } catch (error) {
              reject(error);
            }
          });
      });
      await done.finally(() => connection.off("error", lost));
    },
    async execute(sql, doing) {
      const [header] = await promising.query<ResultSetHeader>(sql).catch((error: unknown) => {
        throw fault(error, doing);
      });
      return header.affectedRows;
    },
    frontends: undefined,
    another: () => openSession(address),
    async close() {
      // The statement's outcome is known by now; a connection that is already gone needs no farewell.
      await promising.end().catch(() => connection.destroy());
    },
  };
}

/** Node passes over what is no certificate, and then trusts nobody; bun fails in the handshake: neither says why. */
function checkCertificates({ tls }: ClusterAddress): void {
  if (tls?.ca !== undefined) {
    const { ca } = tls;
    readable("ca-certificate", "the CA certificate cannot be read", () => new X509Certificate(ca));
  }
  if (tls?.client === undefined) return;
  const { cert, key } = tls.client;
  const saying = "the client certificate and its key cannot be read, or do not belong together";
  readable("client-certificate", saying, () => {
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) throw new Error(saying);
  });
}

function readable(kind: FaultKind, saying: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    throw new StarRocksFault(kind, "use TLS", saying, error);
  }
}

function onCalled({ called }: ClusterAddress, doing: string): string {
  return called === undefined ? doing : `${doing} on ${called}`;
}

function asFault(error: unknown, doing: string, place: string): StarRocksFault {
  const text = error instanceof Error ? error.message : String(error);
  const code = serverCode(error);
  if (code !== undefined) return new StarRocksFault(faultKind(code, text), doing, text, error);
  const { kind, says } = wayFault(driverCode(error), text, place);
  return new StarRocksFault(kind, doing, says, error);
}

/** mysql2 marks what the server said with errno and sqlState; errno alone is also set by Node's own errors. */
function serverCode(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("sqlState" in error)) return undefined;
  return "errno" in error && typeof error.errno === "number" ? error.errno : undefined;
}

function driverCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
