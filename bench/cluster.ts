import { startStarRocks } from "../local/starrocks/server.ts";

/** The embedded StarRocks in a process of its own, so that its memory and time are not the planner's. Prints its port. */
const server = await startStarRocks({ tickMs: 1000 });
process.stdout.write(`${server.port}\n`);
process.once("SIGTERM", () => {
  void server.close().then(() => process.exit(0));
});
