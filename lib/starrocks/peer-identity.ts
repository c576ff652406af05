import { checkServerIdentity, TLSSocket } from "node:tls";
import type { Connection } from "mysql2";

/** What mysql2 has and does not declare: its socket, and the switch to TLS before the login is sent. */
interface Upgrading {
  readonly stream: unknown;
  startTLS(done: (error?: Error) => void): void;
}

/**
 * Lets a connection go on to its login only when the server's certificate is made for the host that was asked for. mysql2
 * hands a name to TLS only where the host is one, so that for addresses any certificate that is trusted would do (seen
 * with bun 1.3.10, also after the hop to a leader that is named by its address).
 *
 * @param host name or address, as it was asked for
 */
export function checkIdentity(connection: Connection, host: string): void {
  if (!isUpgrading(connection)) throw new TypeError("this version of mysql2 has no startTLS to wrap");
  const startTls = connection.startTLS.bind(connection);
  connection.startTLS = (done) => startTls((error) => done(error ?? identityError(connection.stream, host)));
}

function identityError(stream: unknown, host: string): Error | undefined {
  const certificate = stream instanceof TLSSocket ? stream.getPeerCertificate(true) : undefined;
  if (certificate === undefined || Object.keys(certificate).length === 0)
    return new Error("the server has shown no certificate");
  return checkServerIdentity(host, certificate);
}

function isUpgrading(connection: object): connection is Upgrading {
  return "startTLS" in connection && typeof connection.startTLS === "function" && "stream" in connection;
}
