import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineCommand, runMain } from "citty";
import type { StarRocksVersion } from "./basics/versions.ts";
import { versions } from "./basics/versions.ts";
import { startStarRocks } from "./server.ts";

const command = defineCommand({
  meta: {
    name: "starrocks",
    description: "The embedded StarRocks: a MySQL-protocol server for trying and testing",
  },
  args: {
    port: { type: "string", default: "9030", description: "Port to listen on (0: any free one)" },
    dir: { type: "string", default: ".starrocks", description: "State folder; survives a restart" },
    repositories: {
      type: "string",
      description: "Folder that stands for the object store (default: inside --dir)",
    },
    "tick-ms": { type: "string", default: "3000", description: "Length of a backup/restore tick" },
    "starrocks-version": { type: "string", default: "3.5", description: `One of ${versions.join(", ")}` },
    backends: { type: "string", default: "1", description: "Number of backends" },
  },
  async run({ args }) {
    const dir = resolve(args.dir);
    mkdirSync(dir, { recursive: true });
    const server = await startStarRocks({
      port: integer("port", args.port, 0),
      dir,
      repositories: resolve(args.repositories ?? `${dir}/repositories`),
      tickMs: integer("tick-ms", args["tick-ms"], 1),
      version: knownVersion(args["starrocks-version"]),
      backends: integer("backends", args.backends, 1),
    });
    process.stderr.write(
      `Embedded StarRocks ${args["starrocks-version"]} is listening. Connect with:\n` +
        `  mariadb -h ${server.host} -P ${server.port} -u root\nState: ${dir}\n`,
    );
    const stop = () => {
      server.close().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`);
          process.exit(1);
        },
      );
    };
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  },
});

function integer(name: string, text: string, least: number): number {
  if (!/^\d+$/.test(text) || Number(text) < least)
    throw new Error(`--${name} must be a whole number of at least ${least}`);
  return Number(text);
}

function knownVersion(text: string): StarRocksVersion {
  const version = versions.find((one) => one === text);
  if (!version) throw new Error(`--starrocks-version must be one of ${versions.join(", ")}`);
  return version;
}

await runMain(command);
