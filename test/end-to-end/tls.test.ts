import { afterAll, expect, test } from "vitest";
import { openSession } from "../../lib/starrocks/session.ts";
import { type StarRocks, type StarRocksOptions, startStarRocks } from "../../local/starrocks/server.ts";
import { runScript } from "../../local/windmill/run-script.ts";
import type { JsonObject } from "../../windmill/json.ts";
import { answers } from "../peers/program.ts";
import { type Certificate, selfSigned } from "../support/certificates.ts";
import { failure } from "../support/outcomes.ts";

/*
 * Each case by node (the library) and by bun (the built script), whose TLS differ. What a script says of a catalog that is
 * not there shows that it has logged in.
 */
const hasOpenssl = await answers("openssl", "version");
const secured = test.skipIf(!hasOpenssl);

const running: StarRocks[] = [];
afterAll(async () => {
  for (const each of running) await each.close();
});

async function starrocks(options: StarRocksOptions): Promise<StarRocks> {
  const started = await startStarRocks({ ...options, rootPassword: "secret" });
  running.push(started);
  return started;
}

const loggedIn = { code: "CATALOG_MISSING" };

/** What becomes of a connection with these fields of the resource. */
async function connect(host: string, port: number, more: JsonObject): Promise<unknown[]> {
  const { ca_cert, client_cert, client_key } = more;
  const tls = {
    ...(typeof ca_cert === "string" && { ca: ca_cert }),
    ...(typeof client_cert === "string" &&
      typeof client_key === "string" && { client: { cert: client_cert, key: client_key } }),
  };
  const byNode = await openSession({ hosts: [host], port, user: "root", password: "secret", tls })
    .then(async (session) => {
      await session.close();
      return loggedIn;
    })
    .catch(({ code, message }: { code: string; message: string }) => ({ code, message }));
  const resource = { host, port, user: "root", password: "secret", ssl: true, ...more };
  const byBun = failure(await runScript("status", { starrocks: resource }, {}));
  return [byNode, byBun];
}

const both = (expected: object) => [expect.objectContaining(expected), expect.objectContaining(expected)];
const refused = (reason: string) =>
  both({ code: "CERTIFICATE_NOT_TRUSTED", message: expect.stringContaining(reason) });

secured.each([
  ["localhost", "127.0.0.1", "DNS:localhost", "DNS:fe2.example.com"],
  ["127.0.0.1", "127.0.0.1", "IP:127.0.0.1", "IP:10.0.0.1"],
  ["127.0.0.1", "127.0.0.1", "IP:127.0.0.1", "DNS:localhost"],
  ["::1", "::1", "IP:::1", "DNS:localhost"],
])("%s at %s: a certificate for %s is taken, one for %s is not", async (host, listen, right, wrong) => {
  const [ours, other] = [await selfSigned(right), await selfSigned(wrong)];
  const [fe1, fe2] = [
    await starrocks({ host: listen, tls: ours }),
    await starrocks({ host: listen, tls: other }),
  ];
  expect(await connect(host, fe1.port, { ca_cert: ours.cert })).toEqual(both(loggedIn));
  expect(await connect(host, fe1.port, {})).toEqual(refused("it is self-signed"));
  expect(await connect(host, fe2.port, { ca_cert: other.cert })).toEqual(refused("it is for another host"));
  expect(await connect(host, fe2.port, { ca_cert: ours.cert })).toEqual(refused("TLS certificate"));
});

secured("the certificate of a leader that is named by its address has to be for that address", async () => {
  const ofName = await selfSigned("DNS:localhost");
  const fe = await starrocks({ tls: ofName, followers: 1 });
  const [follower = 0] = fe.followers;
  // The follower is asked by name; SHOW FRONTENDS names the leader 127.0.0.1.
  expect(await connect("localhost", follower, { ca_cert: ofName.cert })).toEqual(
    refused("it is for another host"),
  );
  const ofBoth = await selfSigned("DNS:localhost,IP:127.0.0.1");
  const good = await starrocks({ tls: ofBoth, followers: 1 });
  expect(await connect("localhost", good.followers[0] ?? 0, { ca_cert: ofBoth.cert })).toEqual(
    both(loggedIn),
  );
});

secured("a server that asks for a client's certificate gets it, and refuses who has none", async () => {
  const server = await selfSigned("IP:127.0.0.1");
  const [client, stranger] = [await selfSigned("DNS:backup"), await selfSigned("DNS:backup")];
  const fe = await starrocks({ tls: { ...server, clientCa: client.cert } });
  const as = ({ cert, key }: Certificate) => ({ ca_cert: server.cert, client_cert: cert, client_key: key });
  expect(await connect("127.0.0.1", fe.port, as(client))).toEqual(both(loggedIn));
  const unwelcome = both({
    code: expect.stringMatching(/^(CLIENT_CERTIFICATE_REFUSED|CLUSTER_UNREACHABLE)$/),
  });
  expect(await connect("127.0.0.1", fe.port, { ca_cert: server.cert })).toEqual(unwelcome);
  expect(await connect("127.0.0.1", fe.port, as(stranger))).toEqual(unwelcome);
  const mixed = { ...as(client), client_key: stranger.key };
  expect(await connect("127.0.0.1", fe.port, mixed)).toEqual(both({ code: "CLIENT_CERTIFICATE_UNUSABLE" }));
});

test("hosts of the resource", async () => {
  const fe = await starrocks({ host: "::1" });
  const ask = async (more: JsonObject) => {
    const resource = { port: fe.port, user: "root", password: "secret", ...more };
    return failure(await runScript("status", { starrocks: resource }, {}));
  };
  expect(await ask({ host: "[::1]" })).toMatchObject(loggedIn);
  expect(await ask({ host: "no-such-host.invalid, ::1" })).toMatchObject(loggedIn);
  expect(await ask({ host: "::1", port: 1 })).toMatchObject({
    code: "CLUSTER_UNREACHABLE",
    message: expect.stringContaining("[::1]:1"),
  });
  for (const host of ["fe1:9030", "[::1]:9030"])
    expect(await ask({ host })).toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("Host: write hosts only, without ports"),
    });
  expect(await ask({ host: "::1", client_cert: "x" })).toMatchObject({
    code: "INVALID_INPUT",
    message: expect.stringContaining("Client key: give both"),
  });
});
