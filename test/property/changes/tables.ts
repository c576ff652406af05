import { groupNames, type ModelTable, otherNames, pick, run } from "../model.ts";
import { createStatement, shapes } from "../shapes.ts";
import type { Change, Target } from "./change.ts";

function tableChange(name: string, work: (target: Target) => Promise<boolean>): Change {
  return { name, structural: true, run: work };
}

function freeName({ model }: Target, number: number): string | undefined {
  return pick(
    [...groupNames, ...otherNames].filter((name) => !model.tables.has(name)),
    number,
  );
}

const initialKeys = [1, 2, 3] as const;

/** A fresh table; which partitions it has is looked up. */
async function create({ history, model }: Target, name: string, shape: ModelTable["shape"]): Promise<true> {
  await run(history, createStatement(`${history.database}.${name}`, shape, initialKeys));
  model.tables.set(name, { shape, added: [], partitions: new Map() });
  return true;
}

export const tableChanges: readonly Change[] = [
  tableChange("rename a table", async (target) => {
    const { history, model, name, table, numbers } = target;
    const fresh = freeName(target, numbers[0] ?? 0);
    if (fresh === undefined) return false;
    await run(history, `ALTER TABLE ${history.database}.${name} RENAME ${fresh}`);
    model.tables.delete(name);
    model.tables.set(fresh, table);
    return true;
  }),
  tableChange("swap two tables", async (target) => {
    const { history, model, name, table, numbers } = target;
    const same = [...model.tables].filter(
      ([other, { shape }]) => other !== name && (shape === table.shape || (numbers[1] ?? 0) % 3 === 0),
    );
    const entry = pick(same, numbers[0] ?? 0);
    if (entry === undefined) return false;
    const [other, otherTable] = entry;
    await run(history, `ALTER TABLE ${history.database}.${name} SWAP WITH ${other}`);
    model.tables.set(name, otherTable);
    model.tables.set(other, table);
    return true;
  }),
  tableChange("add a column", async ({ history, model, name, table }) => {
    if (table.added.length > 1) return false;
    const column = `e${history.next()}`;
    // A column that sums may start at zero only.
    const rest = table.shape.model === "AGGREGATE" ? `SUM DEFAULT "0"` : `DEFAULT "7"`;
    await run(history, `ALTER TABLE ${history.database}.${name} ADD COLUMN ${column} BIGINT ${rest}`);
    model.tables.set(name, { ...table, added: [...table.added, column] });
    return true;
  }),
  tableChange("drop a column", async ({ history, model, name, table }) => {
    const column = table.added.at(-1);
    if (column === undefined) return false;
    await run(history, `ALTER TABLE ${history.database}.${name} DROP COLUMN ${column}`);
    model.tables.set(name, { ...table, added: table.added.slice(0, -1) });
    return true;
  }),
  tableChange("comment a table", async ({ history, name }) => {
    await run(history, `ALTER TABLE ${history.database}.${name} COMMENT = "note ${history.next()}"`);
    return true;
  }),
  tableChange("drop a table", async ({ history, model, name, numbers }) => {
    if (model.tables.size < 3) return false;
    const force = (numbers[0] ?? 0) % 2 === 0 ? " FORCE" : "";
    await run(history, `DROP TABLE ${history.database}.${name}${force}`);
    model.tables.delete(name);
    return true;
  }),
  tableChange("make a table anew", async (target) => {
    const { history, name, table, numbers } = target;
    await run(history, `DROP TABLE ${history.database}.${name} FORCE`);
    const shape = (numbers[0] ?? 0) % 2 === 0 ? table.shape : (pick(shapes, numbers[1] ?? 0) ?? table.shape);
    return await create(target, name, shape);
  }),
  tableChange("create a table", async (target) => {
    const fresh = freeName(target, target.numbers[0] ?? 0);
    const shape = pick(shapes, target.numbers[1] ?? 0);
    if (fresh === undefined || shape === undefined) return false;
    return await create(target, fresh, shape);
  }),
];
