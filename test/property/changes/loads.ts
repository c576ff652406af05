import { pick, run } from "../model.ts";
import { isAutomatic, keys, keyValue } from "../shapes.ts";
import type { Change, Target } from "./change.ts";

function load(name: string, work: (target: Target) => Promise<boolean>): Change {
  return { name, structural: false, run: work };
}

function at({ history, name }: Target): string {
  return `${history.database}.${name}`;
}

/** Keys for which a load finds a partition, or makes one. */
function loadable({ table }: Target): readonly number[] {
  return isAutomatic(table.shape) || table.shape.partitioning === "none"
    ? keys
    : keyed({ table }).map(([, key]) => key);
}

/** Partitions whose rows can be told by their key; an unpartitioned table has one. */
function keyed({ table }: Pick<Target, "table">): readonly (readonly [string, number])[] {
  return [...table.partitions].filter(([, key]) => key > 0 || table.shape.partitioning === "none");
}

/** One new row for each key, after the columns it has. Columns that were added get a value too; some get theirs by themselves. */
function rows({ history, table }: Target, chosen: readonly number[]): string {
  const { shape } = table;
  const isNumbered = shape.filled === "numbered";
  const columns = [...(isNumbered ? [] : ["id"]), "d", "v", ...table.added];
  const added = table.added.map(() => `, ${history.next()}`).join("");
  const values = [...new Set(chosen)].map((key) => {
    const id = isNumbered ? "" : `${history.next()}, `;
    return `(${id}'${keyValue(shape, key)}', ${history.next()}${added})`;
  });
  return `(${columns.join(", ")}) VALUES ${values.join(", ")}`;
}

async function insertInto(target: Target, chosen: readonly (number | undefined)[]): Promise<boolean> {
  const present = chosen.filter((key) => key !== undefined);
  if (present.length === 0) return false;
  await run(target.history, `INSERT INTO ${at(target)} ${rows(target, present)}`);
  return true;
}

/** ` PARTITION (p)` where the table has partitions. */
function clause(target: Target, partition: string): string {
  return target.table.shape.partitioning === "none" ? "" : ` PARTITION (${partition})`;
}

export const loads: readonly Change[] = [
  load("load one partition", (target) =>
    insertInto(target, [pick(loadable(target), target.numbers[0] ?? 0)]),
  ),
  load("load several partitions", (target) =>
    insertInto(
      target,
      target.numbers.map((number) => pick(loadable(target), number)),
    ),
  ),
  load("load nothing", async (target) => {
    const columns = ["id", "d", "v", ...target.table.added].join(", ");
    const nothing = `SELECT ${columns} FROM ${at(target)} WHERE id < 0`;
    await run(target.history, `INSERT INTO ${at(target)} (${columns}) ${nothing}`);
    return true;
  }),
  load("update", async (target) => {
    const { table, history, numbers } = target;
    const [, partition] = pick(keyed({ table }), numbers[0] ?? 0) ?? [];
    if (table.shape.model !== "PRIMARY" || partition === undefined) return false;
    const where =
      table.shape.partitioning === "none" ? "id > 0" : `d = '${keyValue(table.shape, partition)}'`;
    await run(history, `UPDATE ${at(target)} SET v = v + 1 WHERE ${where}`);
    return true;
  }),
  load("delete", async (target) => {
    const { table, history, numbers } = target;
    const entry = pick(keyed({ table }), numbers[0] ?? 0);
    if (entry === undefined) return false;
    const [partition, key] = entry;
    const condition = `id % 2 = ${(numbers[1] ?? 0) % 2}`;
    const sql =
      table.shape.model === "PRIMARY"
        ? `DELETE FROM ${at(target)} WHERE ${table.shape.partitioning === "none" ? condition : `d = '${keyValue(table.shape, key)}'`}`
        : `DELETE FROM ${at(target)}${clause(target, partition)} WHERE id > ${(numbers[1] ?? 0) * 20}`;
    await run(history, sql);
    return true;
  }),
  load("overwrite a partition", async (target) => {
    const { table, history, numbers } = target;
    const entry = pick(keyed({ table }), numbers[0] ?? 0);
    if (entry === undefined) return false;
    const [partition, key] = entry;
    const where = `${at(target)}${clause(target, partition)}`;
    await run(history, `INSERT OVERWRITE ${where} ${rows(target, [key === 0 ? 1 : key])}`);
    return true;
  }),
  load("overwrite the table", async (target) => {
    const chosen = target.numbers.map((number) => pick(loadable(target), number));
    const present = chosen.filter((key) => key !== undefined);
    if (present.length === 0) return false;
    await run(target.history, `INSERT OVERWRITE ${at(target)} ${rows(target, present)}`);
    return true;
  }),
  load("truncate a partition", async (target) => {
    const partition = pick([...target.table.partitions.keys()], target.numbers[0] ?? 0);
    if (partition === undefined || target.table.shape.partitioning === "none") return false;
    await run(target.history, `TRUNCATE TABLE ${at(target)} PARTITION (${partition})`);
    return true;
  }),
  load("truncate the table", async (target) => {
    await run(target.history, `TRUNCATE TABLE ${at(target)}`);
    return true;
  }),
];
