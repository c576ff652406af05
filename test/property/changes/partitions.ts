import { pick, run } from "../model.ts";
import { isAutomatic, isManual, keys, keyValue, partitionValues } from "../shapes.ts";
import type { Change, Target } from "./change.ts";

function partitionChange(name: string, work: (target: Target) => Promise<boolean>): Change {
  return { name, structural: true, run: work };
}

/** Few names, so that one comes back for another range. */
const names = ["p1", "p2", "p3", "p4", "p5", "q1", "q2"] as const;

async function alter({ history, name }: Target, clause: string): Promise<true> {
  await run(history, `ALTER TABLE ${history.database}.${name} ${clause}`);
  return true;
}

function freeName({ table }: Target, number: number): string | undefined {
  return pick(
    names.filter((name) => !table.partitions.has(name)),
    number,
  );
}

export const partitionChanges: readonly Change[] = [
  partitionChange("add a partition", async (target) => {
    const { table, numbers } = target;
    const taken = new Set(table.partitions.values());
    const key = pick(
      keys.filter((each) => !taken.has(each)),
      numbers[0] ?? 0,
    );
    const name = freeName(target, numbers[1] ?? 0);
    if (!isManual(table.shape) || key === undefined || name === undefined) return false;
    return await alter(target, `ADD PARTITION ${name} ${partitionValues(table.shape, key)}`);
  }),
  partitionChange("drop a partition", async (target) => {
    const partition = pick([...target.table.partitions.keys()], target.numbers[0] ?? 0);
    const { shape } = target.table;
    if (partition === undefined || !(isManual(shape) || isAutomatic(shape))) return false;
    return await alter(
      target,
      `DROP PARTITION ${partition}${(target.numbers[1] ?? 0) % 2 === 0 ? " FORCE" : ""}`,
    );
  }),
  partitionChange("rename a partition", async (target) => {
    const partition = pick([...target.table.partitions.keys()], target.numbers[0] ?? 0);
    const fresh = freeName(target, target.numbers[1] ?? 0);
    if (partition === undefined || fresh === undefined || target.table.shape.partitioning !== "range")
      return false;
    return await alter(target, `RENAME PARTITION ${partition} ${fresh}`);
  }),
  partitionChange("replace a partition", async (target) => {
    const { history, table, name, numbers } = target;
    const entry = pick([...table.partitions], numbers[0] ?? 0);
    if (entry === undefined || !isManual(table.shape)) return false;
    const [partition, key] = entry;
    await alter(target, `ADD TEMPORARY PARTITION tp ${partitionValues(table.shape, key)}`);
    if ((numbers[1] ?? 0) % 3 > 0) {
      const added = table.added.map(() => ", 1").join("");
      const row = `(${history.next()}, '${keyValue(table.shape, key)}', ${history.next()}${added})`;
      await run(history, `INSERT INTO ${history.database}.${name} TEMPORARY PARTITION (tp) VALUES ${row}`);
    }
    return await alter(target, `REPLACE PARTITION (${partition}) WITH TEMPORARY PARTITION (tp)`);
  }),
  partitionChange("merge partitions", async (target) => {
    if (target.table.shape.partitioning !== "date_trunc") return false;
    return await alter(target, "PARTITION BY date_trunc('month', d) BETWEEN '2025-01-01' AND '2025-01-31'");
  }),
];
