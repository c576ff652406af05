import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSession, type Session } from "../../../lib/starrocks/session.ts";
import { type StarRocks, startStarRocks } from "../../../local/starrocks/server.ts";

let dir: string;
let starrocks: StarRocks;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "starrocks-session-"));
  starrocks = await startStarRocks({ dir });
});
afterAll(async () => {
  await starrocks.close();
  await rm(dir, { recursive: true, force: true });
});

const session = (): Promise<Session> =>
  openSession({
    hosts: [starrocks.host],
    port: starrocks.port,
    user: "root",
    password: "",
    tls: undefined,
  });

test("TLS that the server does not offer is named, with what to do about it", async () => {
  const address = { hosts: [starrocks.host], port: starrocks.port, user: "root", password: "", tls: {} };
  await expect(openSession(address)).rejects.toMatchObject({
    code: "TLS_NOT_OFFERED",
    message: expect.stringContaining(`${starrocks.host}:${starrocks.port}`),
    next: expect.stringContaining("set ssl to false"),
    retriable: false,
  });
});

test.each([
  ["127.0.0.1", 1, "nothing accepts connections at 127.0.0.1:1"],
  ["no-such-host.invalid", 9030, "the host name in no-such-host.invalid:9030 cannot be resolved"],
])("a cluster that is not at %s:%s is named in plain words", async (host, port, says) => {
  const address = { hosts: [host], port, user: "root", password: "", tls: undefined };
  await expect(openSession(address)).rejects.toMatchObject({
    code: "CLUSTER_UNREACHABLE",
    message: `Could not connect to StarRocks: ${says}.`,
    retriable: true,
  });
});

test("a CA certificate that is none is named before anything is tried", async () => {
  const address = { hosts: ["127.0.0.1"], port: 1, user: "root", password: "", tls: { ca: "see the wiki" } };
  await expect(openSession(address)).rejects.toMatchObject({
    code: "CA_CERTIFICATE_UNUSABLE",
    next: expect.stringContaining("ca_cert"),
    retriable: false,
  });
});

const databases = "SELECT SCHEMA_NAME FROM information_schema.schemata";

test("a streamed read ends with an error when the connection is lost, and so does every later one", async () => {
  const it = await session();
  starrocks.faults.add({ match: /schemata/, drop: "before" });
  for (let attempt = 0; attempt < 2; attempt++)
    await expect(it.each(databases, "list the databases", () => undefined)).rejects.toMatchObject({
      code: "CLUSTER_UNREACHABLE",
    });
  await it.close();
});

test("any number of streamed reads leaves nothing behind on the connection", async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on("warning", listen);
  const it = await session();
  let rows = 0;
  for (let read = 0; read < 20; read++) await it.each(databases, "list the databases", () => rows++);
  await it.close();
  process.off("warning", listen);
  expect(rows).toBeGreaterThan(20);
  expect(warnings).toEqual([]);
});

test("an error while a row is dealt with ends the read", async () => {
  const it = await session();
  const refuse = () => {
    throw new Error("no room");
  };
  await expect(it.each(databases, "list the databases", refuse)).rejects.toThrow("no room");
  await it.close();
});
