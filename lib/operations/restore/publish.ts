import { carryOn, takeOver } from "./attempt.ts";
import { finish } from "./outcome.ts";
import { replacePartitions } from "./replace-partitions.ts";
import type { Acted, TableStep } from "./restore-step.ts";

/**
 * Makes an assembled table live with one atomic statement, and keeps what was live under its keep name.
 *
 * A second SWAP would swap the restored table away again, and StarRocks has no lock that a paused worker would respect.
 * So each attempt first renames the table it wants to publish to a name of its own and then looks, by partition ids, at
 * what that name holds: the restored table (go on) or the replaced one (an earlier attempt has swapped). Whoever was
 * paused before its SWAP finds its own name gone. A table that holds neither is not touched.
 *
 * It waits when another execution is publishing.
 */
export async function publishTable(step: TableStep): Promise<Acted> {
  if (step.planned.strategy === "partitions") return await replacePartitions(step);
  const attempt = await takeOver(step);
  switch (attempt.kind) {
    case "nothing":
      return await finish(step, attempt.present, undefined);
    case "wait":
      return attempt;
    case "ours":
      return await carryOn(step, attempt, undefined);
  }
}
