import type { World } from "../support/world.ts";
import { refresh } from "./changes.ts";
import { type History, type Model, run } from "./model.ts";
import { createStatement, type Shape } from "./shapes.ts";

let ids = 0;

/** A database of its own, and a group of the given names in it. */
export async function beginHistory(
  cluster: World,
  database: string,
  names: readonly string[],
): Promise<{ readonly history: History; readonly model: Model }> {
  const history: History = {
    ...{ cluster, database, group: database },
    inGroup: new Set(),
    log: [],
    next: () => ++ids,
  };
  await run(history, `CREATE DATABASE ${database}`);
  for (const name of names) await addToGroup(history, name);
  return {
    history,
    model: { tables: new Map(), schemaChanges: new Map(), points: [], snapshots: new Map(), restores: [] },
  };
}

export async function addToGroup(history: History, name: string): Promise<void> {
  const { cluster, database, group } = history;
  await cluster.client.run(
    `INSERT INTO ops.table_inventory (inventory_group, database_name, table_name)
     VALUES ('${group}', '${database}', '${name}')`,
  );
  history.inGroup.add(name);
}

export async function createTable(history: History, model: Model, name: string, shape: Shape): Promise<void> {
  await run(history, createStatement(`${history.database}.${name}`, shape, [1, 2, 3]));
  model.tables.set(name, { shape, added: [], partitions: new Map() });
  await refresh(history, model);
}

/** Keeps the next history from reading what this one left. */
export async function endHistory(history: History): Promise<void> {
  await history.cluster.client.run(`DROP DATABASE ${history.database} FORCE`);
  await forgetBackups(history);
}

export async function forgetBackups({ cluster, group }: History): Promise<void> {
  await cluster.client.run(`DELETE FROM ops.backup_history WHERE inventory_group = '${group}'`);
}
