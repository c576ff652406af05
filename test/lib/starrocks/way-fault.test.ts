import { expect, test } from "vitest";
import { wayFault } from "../../../lib/starrocks/way-fault.ts";

test.each([
  [
    "ECONNREFUSED",
    "connect ECONNREFUSED 127.0.0.1:9030",
    "connection",
    "nothing accepts connections at fe1:9030",
  ],
  ["ENOTFOUND", "getaddrinfo ENOTFOUND fe1", "connection", "the host name in fe1:9030 cannot be resolved"],
  ["ETIMEDOUT", "connect ETIMEDOUT", "connection", "fe1:9030 did not answer in time"],
  [
    "EHOSTUNREACH",
    "connect EHOSTUNREACH 10.0.0.1:9030",
    "connection",
    "there is no way through the network to fe1:9030",
  ],
  ["ECONNRESET", "read ECONNRESET", "connection", "the connection to fe1:9030 was lost"],
  [
    "PROTOCOL_CONNECTION_LOST",
    "Connection lost: The server closed the connection.",
    "connection",
    "the connection to fe1:9030 was lost",
  ],
  [
    undefined,
    "Can't add new command when connection is in closed state",
    "connection",
    "the connection to fe1:9030 was lost",
  ],
  ["ECONNABORTED", "write ECONNABORTED", "connection", "the connection to fe1:9030 failed (ECONNABORTED)"],
  [
    "HANDSHAKE_NO_SSL_SUPPORT",
    "Server does not support secure connection",
    "no-tls",
    "fe1:9030 does not offer TLS",
  ],
  [
    "HANDSHAKE_SSL_ERROR",
    "unable to verify the first certificate",
    "certificate",
    "the TLS certificate of fe1:9030 is not trusted: nobody the client trusts has signed it",
  ],
  [
    "HANDSHAKE_SSL_ERROR",
    "certificate has expired",
    "certificate",
    "the TLS certificate of fe1:9030 is not trusted: it has expired",
  ],
  [
    "HANDSHAKE_SSL_ERROR",
    "Client network socket disconnected before secure TLS connection was established",
    "connection",
    "the connection to fe1:9030 was lost",
  ],
  [
    "HANDSHAKE_SSL_ERROR",
    "0A000102:SSL routines::unsupported protocol",
    "tls",
    "fe1:9030 and the client do not agree on how to use TLS",
  ],
  [
    "AUTH_SWITCH_PLUGIN_ERROR",
    "Server requests authentication using unknown plugin x",
    "login",
    "fe1:9030 wants the password in a way that only LDAP users need",
  ],
  [
    "HANDSHAKE_UNKNOWN_ERROR",
    "Unexpected packet during handshake phase",
    "not-starrocks",
    "what answers at fe1:9030 does not speak as StarRocks does",
  ],
] as const)("%s %s is said in plain words", (code, text, kind, says) => {
  expect(wayFault(code, text, "fe1:9030")).toEqual({ kind, says });
});
