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

async function alterColumns({ history, model, name }: Target, clause: string): Promise<void> {
  await run(history, `ALTER TABLE ${history.database}.${name} ${clause}`);
  model.schemaChanges.set(name, (model.schemaChanges.get(name) ?? 0) + 1);
}

/** A SUM column must begin at zero. */
function addition({ table }: Target, column: string): string {
  const kind = table.shape.model === "AGGREGATE" ? 'BIGINT SUM DEFAULT "0"' : 'BIGINT DEFAULT "7"';
  return `ADD COLUMN ${column} ${kind}`;
}

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
  tableChange("add a column", async (target) => {
    const { history, model, name, table } = target;
    if (table.added.length > 1) return false;
    const column = `e${history.next()}`;
    await alterColumns(target, addition(target, column));
    model.tables.set(name, { ...table, added: [...table.added, column] });
    return true;
  }),
  tableChange("drop a column", async (target) => {
    const { model, name, table } = target;
    const column = table.added.at(-1);
    if (column === undefined) return false;
    await alterColumns(target, `DROP COLUMN ${column}`);
    model.tables.set(name, { ...table, added: table.added.slice(0, -1) });
    return true;
  }),
  tableChange("drop a column and add it again", async (target) => {
    const column = target.table.added.at(-1);
    if (column === undefined) return false;
    await alterColumns(target, `DROP COLUMN ${column}`);
    await alterColumns(target, addition(target, column));
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
