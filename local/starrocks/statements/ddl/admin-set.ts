import { ddlError, SqlError } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { requireSystem } from "../../engine/access.ts";
import { type Context, findTable } from "../../engine/context.ts";
import type { Tokens } from "../../sql/tokens.ts";

/** After `ADMIN SET TABLE`: `t PARTITION (p) VERSION TO n`; repairs a gap in NEXT_VERSION (§6.7, §9.5). */
export async function adminSetPartitionVersion(tokens: Tokens, context: Context): Promise<Result> {
  const given = tokens.qualifiedName();
  tokens.expect("PARTITION");
  const chosen = tokens.parenthesised(() =>
    tokens.peek().kind === "number" ? tokens.integer() : tokens.identifierOrString(),
  );
  tokens.expect("VERSION", "TO");
  const version = tokens.integer();
  tokens.expectEnd();
  const { cluster } = context;
  return cluster.change(async () => {
    requireSystem(context, "OPERATE");
    const { table } = findTable(context, given);
    const set = cluster.catalog.partitions(table.id);
    const partition =
      typeof chosen === "string"
        ? set.get(chosen)
        : set.all().find((one) => one.physical.some((physical) => physical.id === chosen));
    if (!partition) throw new SqlError(`Partition '${chosen}' doesn't exist`, 5505, "42000");
    const physical =
      typeof chosen === "string"
        ? partition.physical[0]
        : partition.physical.find((one) => one.id === chosen);
    if (!physical || (typeof chosen === "string" && partition.physical.length > 1))
      throw ddlError(`Partition '${chosen}' has sub partitions, should specify the partition id`);
    physical.visibleVersion = version;
    physical.nextVersion = version + 1;
    physical.dataVersion = version;
    cluster.catalog.touch("partition", partition.id);
    return ok();
  });
}
