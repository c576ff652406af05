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
