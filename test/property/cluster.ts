import { setToNoon } from "../support/noon.ts";
import { succeeded } from "../support/outcomes.ts";
import { type World, world } from "../support/world.ts";

/** A finished job needs six steps; more do nothing. */
export const wholeJob = 8;

/** Starts a cluster whose backup thread and clock only move when a test says so, with the product's catalog in it. */
export async function startCluster(): Promise<World> {
  const made = await world();
  await made.starrocks.ticker.pause();
  await setToNoon(made.client);
  succeeded(await made.call("init", { replication_num: 1 }));
  return made;
}
