import { startStarRocks } from "../local/starrocks/server.ts";

/** The embedded StarRocks in a process of its own, so that its memory and time are not the planner's. Prints its port; takes how long a tick is, in ms. */
const server = await startStarRocks({ tickMs: Number(process.argv[2] ?? 1000) });
process.stdout.write(`${server.port}\n`);
process.once("SIGTERM", () => {
  void server.close().then(() => process.exit(0));
});
