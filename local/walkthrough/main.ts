import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineCommand, runMain } from "citty";
import { startStarRocks } from "../starrocks/server.ts";
import { connect } from "./client.ts";
import { workspace } from "./flows.ts";
import { playStory } from "./story.ts";
import { StoryFailed, type Terminal, terminal as terminalTo } from "./terminal.ts";

const walkthrough = defineCommand({
  meta: { name: "start", description: "Back up, change, back up the change, lose a table, get it back." },
  args: { keep: { type: "boolean", default: false, description: "Leave the servers running until Ctrl-C." } },
  async run({ args }) {
    const colours = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
    const terminal = terminalTo((line) => process.stdout.write(`${line}\n`), colours);
    const dir = await mkdtemp(join(tmpdir(), "starrocks-backup-"));
    try {
      process.exitCode = await play(terminal, dir, args.keep);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
});

/** @returns the exit code: 0 only when every check held */
async function play(terminal: Terminal, dir: string, keep: boolean): Promise<number> {
  const began = performance.now();
  // A tick of a real cluster takes three seconds; nothing in the story depends on its length.
  const starrocks = await startStarRocks({ dir, tickMs: 100 });
  const client = await connect(starrocks.host, starrocks.port);
  const resource = {
    host: starrocks.host,
    port: starrocks.port,
    user: "root",
    password: "",
    repository: "s3_backups",
  };
  try {
    terminal.say(
      "The embedded StarRocks speaks the MySQL protocol; the scripts and flows are the built ones, each step",
    );
    terminal.say("in a process of its own, as Windmill runs them.");
    await playStory({ client, workspace: workspace(resource, terminal), terminal });
    terminal.say("Done.");
    terminal.verified(`Every check held, in ${((performance.now() - began) / 1000).toFixed(1)}s.`);
    if (keep) await untilInterrupted(terminal, starrocks.host, starrocks.port);
    return 0;
  } catch (error) {
    if (!(error instanceof StoryFailed)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    await client.close();
    await starrocks.close();
  }
}

async function untilInterrupted(terminal: Terminal, host: string, port: number): Promise<void> {
  terminal.say("The cluster goes on running. Look around with:");
  terminal.typed(`mariadb -h${host} -P${port} -uroot`);
  terminal.say("Ctrl-C ends it.");
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

await runMain(walkthrough);
