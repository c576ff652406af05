/** A failure on the way to the cluster: nothing that StarRocks has said. */
export interface WayFault {
  readonly kind:
    | "connection"
    | "login"
    | "certificate"
    | "client-refused"
    | "no-tls"
    | "tls"
    | "not-starrocks";
  /** Completes "Could not read the inventory: …". */
  readonly says: string;
}

/**
 * Says in plain words what the driver, node or bun report in their own.
 *
 * @param code of the driver or of the operating system
 * @param place `host:port`
 */
export function wayFault(code: string | undefined, text: string, place: string): WayFault {
  if (code === "HANDSHAKE_NO_SSL_SUPPORT") return { kind: "no-tls", says: `${place} does not offer TLS` };
  // The driver replaces the code of whatever goes wrong in the TLS handshake by this one; the text says what it was.
  if (code === "HANDSHAKE_SSL_ERROR") return handshakeFault(text, place);
  // TLS 1.3 says so only after the handshake.
  if (/ALERT.*CERTIFICATE|certificate.required/i.test(`${code} ${text}`)) return clientRefused(place);
  const connection = connections.get(code ?? "");
  if (connection !== undefined) return { kind: "connection", says: connection(place) };
  if (/connection is in closed state/.test(text)) return { kind: "connection", says: lost(place) };
  if (/^AUTH_|CLEAR_PASSWORD/.test(code ?? "")) {
    return { kind: "login", says: `${place} wants the password in a way that only LDAP users need` };
  }
  if (/^(PROTOCOL|HANDSHAKE)_/.test(code ?? "") || /packets out of order/i.test(text)) {
    return { kind: "not-starrocks", says: `what answers at ${place} does not speak as StarRocks does` };
  }
  const reason = code === undefined ? "" : ` (${code})`;
  return { kind: "connection", says: `the connection to ${place} failed${reason}` };
}

const lost = (place: string) => `the connection to ${place} was lost`;
const noRoute = (place: string) => `there is no way through the network to ${place}`;
const noName = (place: string) => `the host name in ${place} cannot be resolved`;

const connections: ReadonlyMap<string, (place: string) => string> = new Map([
  ["ECONNREFUSED", (place) => `nothing accepts connections at ${place}`],
  ["ETIMEDOUT", (place) => `${place} did not answer in time`],
  ["ENOTFOUND", noName],
  ["EAI_AGAIN", noName],
  ["EHOSTUNREACH", noRoute],
  ["ENETUNREACH", noRoute],
  ["ECONNRESET", lost],
  ["EPIPE", lost],
  ["PROTOCOL_CONNECTION_LOST", lost],
]);

function handshakeFault(text: string, place: string): WayFault {
  const reason = reasons.find(([pattern]) => pattern.test(text))?.[1];
  if (reason !== undefined) {
    return { kind: "certificate", says: `the TLS certificate of ${place} is not trusted: ${reason}` };
  }
  if (/certificate.required|handshake.failure|bad.certificate|unknown.ca/i.test(text))
    return clientRefused(place);
  return /disconnected|ECONNRESET|hang up/i.test(text)
    ? { kind: "connection", says: lost(place) }
    : { kind: "tls", says: `${place} and the client do not agree on how to use TLS` };
}

function clientRefused(place: string): WayFault {
  return { kind: "client-refused", says: `${place} refuses the client's certificate, or wants one` };
}

const reasons: readonly (readonly [RegExp, string])[] = [
  [/self[- ]signed/i, "it is self-signed"],
  [/unable to (verify|get)/i, "nobody the client trusts has signed it"],
  [/expired/i, "it has expired"],
  [/not yet valid/i, "it is not valid yet"],
  [/altname|does not match|hostname|Cert does not contain a DNS name/i, "it is for another host"],
  [/has shown no certificate/, "the server has shown none"],
];
