import type { restorePlanner } from "../../../lib/operations/restore/planner.ts";
import type { Model, RestorePoint } from "../model.ts";
import type { Seen, SeenTable } from "../observe.ts";
import { isAutomatic } from "../shapes.ts";

interface Facts {
  readonly point: RestorePoint;
  readonly model: Model;
  readonly before: Seen;
}

/** Why restored partitions may not fit into the live table; undefined: they do. */
export function misfit(
  { point, model, before }: Facts,
  table: string,
  partitions: Parameters<typeof restorePlanner>[0]["partitions"],
): string | undefined {
  const [then, now] = [point.state.get(table), before.get(table)];
  const shape = model.tables.get(table)?.shape;
  if (now === undefined || then === undefined || shape === undefined) return "it is not there";
  if (shape.partitioning === "none") return "it has no partitions";
  if (point.tables.get(table)?.shape !== shape) return "it is of another kind";
  if (!isPart(then.columns, now.columns)) return "it has other columns";
  if (partitions === undefined) return undefined;
  const names = partitions.kind === "names" ? partitions.names : [...then.partitions.keys()];
  const isUnlike = names.some((name) => {
    const [old, current] = [then.partitions.get(name), now.partitions.get(name)];
    if (current !== undefined) return current.key !== old?.key;
    return (
      shape.partitioning === "dynamic range" ||
      isTaken(now, old?.key) ||
      (isAutomatic(shape) && old?.key === 0)
    );
  });
  return isUnlike ? "its partitions are others" : undefined;
}

/** Whether another partition is for the same rows. */
function isTaken(now: SeenTable, key: number | undefined): boolean {
  return [...now.partitions.values()].some((each) => each.key === key || each.key === 0);
}

function isPart(then: string, now: string): boolean {
  const columns = new Set(now.split(","));
  return then.split(",").every((column) => columns.has(column)) && columns.size === then.split(",").length;
}
