import { expect } from "vitest";
import { restorePlanner } from "../../lib/operations/restore/planner.ts";
import { planRun } from "../../lib/operations/run/plan.ts";
import { startRun } from "../../lib/operations/run/poll.ts";
import { reportRun } from "../../lib/operations/run/report.ts";
import { startRestore } from "../../lib/operations/run/start-restore.ts";
import { silent } from "../support/silent.ts";
import { refresh } from "./changes.ts";
import { wholeJob } from "./cluster.ts";
import { type History, type Model, pick, type RestorePoint, run } from "./model.ts";
import { observe, type Seen } from "./observe.ts";
import { isAutomatic, keyValue } from "./shapes.ts";
import { expectTidy } from "./tidy.ts";

/** What to restore: a restore point, and one of its tables or all. */
export interface ChosenRestore {
  readonly point: number;
  readonly table: number | undefined;
}

export function describeRestore({ point, table }: ChosenRestore): string {
  return `restore(${point}, ${table ?? "all"})`;
}

/** Restores through the product, in place of what is there, and compares every row with what it was. */
export async function runRestore(history: History, model: Model, chosen: ChosenRestore): Promise<void> {
  const point = pick(model.points, chosen.point);
  if (point === undefined) return;
  const restorable = [...point.state].filter(([, table]) => table.partitions.size > 0).map(([name]) => name);
  const only = chosen.table === undefined ? undefined : pick(restorable, chosen.table);
  const wanted = only === undefined ? restorable : [only];
  if (wanted.length === 0) return;
  history.log.push(`-- restore ${wanted.join(", ")} to ${point.label}`);
  const before = await observe(history.cluster.client, history.database);
  await restore(history, point.label, wanted);
  await expectTidy(history);
  const after = await observe(history.cluster.client, history.database);
  expectRestored(point, wanted, after);
  expectOthersUntouched(before, after, wanted);
  for (const table of after.keys()) {
    if (/__replaced_/.test(table)) await run(history, `DROP TABLE ${history.database}.${table} FORCE`);
  }
  for (const table of wanted) await adopt({ history, model, after }, point, table);
  for (const table of wanted) await expectFreshIds(history, point, table);
  await refresh(history, model);
}

/** A history after a restore, and what is there then. */
interface Restored {
  readonly history: History;
  readonly model: Model;
  readonly after: Seen;
}

/** The history goes on with what was restored, where it is known of what kind that is. */
async function adopt({ history, model, after }: Restored, point: RestorePoint, table: string): Promise<void> {
  const known = point.tables.get(table);
  if (known === undefined) {
    await run(history, `DROP TABLE ${history.database}.${table} FORCE`);
    model.tables.delete(table);
    return;
  }
  // A column may have been added or dropped while the backup was under way.
  const columns = (after.get(table)?.columns ?? "").split(",").map((column) => column.split(" ")[0] ?? "");
  model.tables.set(table, { ...known, added: columns.filter((column) => /^e\d+$/.test(column)) });
}

async function restore(history: History, label: string, wanted: readonly string[]): Promise<void> {
  const { settings } = history.cluster;
  const tables = wanted.map((table) => `${history.database}.${table}`);
  const { runId, planHash } = await planRun(
    settings,
    restorePlanner({
      target: { at: { kind: "label", label }, tables, group: undefined, repository: undefined },
      clusters: undefined,
      destination: { renameTo: undefined, suffix: undefined, intoDatabase: undefined },
      partitions: undefined,
      maxDrift: 1_000_000,
      keepSeconds: 604_800,
      allOrNothing: false,
      dryRun: false,
    }),
    silent,
  );
  const approval = {
    runId: String(runId),
    planHash,
    approved: true,
    approvers: [],
    operation: "restore",
  } as const;
  let { done } = await startRestore(settings, approval, silent);
  for (let job = 0; !done && job < 100; job++) {
    await history.cluster.ticks(wholeJob);
    ({ done } = await startRun(settings, approval, silent));
  }
  await reportRun(settings, approval, silent);
}

function expectRestored(point: RestorePoint, wanted: readonly string[], after: Seen): void {
  for (const table of wanted) {
    const expected = point.state.get(table);
    const found = after.get(table);
    expect(found?.columns, `columns of ${table} restored to ${point.label}`).toBe(expected?.columns);
    if (!point.disturbed)
      expect(found?.comment, `comment of ${table} restored to ${point.label}`).toBe(expected?.comment);
    const shape = point.tables.get(table)?.shape;
    const automatic = shape === undefined || isAutomatic(shape);
    expect(contents(found, automatic), `partitions of ${table} restored to ${point.label}`).toEqual(
      contents(expected, automatic),
    );
  }
}

/**
 * A new row gets an id of its own: on a PRIMARY KEY table it would take the place of a restored one otherwise. Where no
 * counter can be moved and the table is put together in an older part, the restore says so.
 */
async function expectFreshIds(history: History, point: RestorePoint, table: string): Promise<void> {
  const shape = point.tables.get(table)?.shape;
  if (shape?.filled !== "numbered" || isAutomatic(shape)) return;
  const { client } = history.cluster;
  const at = `${history.database}.${table}`;
  const [partition] = [...(point.state.get(table)?.partitions.values() ?? [])].filter(({ key }) => key > 0);
  if (partition === undefined) return;
  const count = async () => Number((await client.rows(`SELECT count(*) AS n FROM ${at}`))[0]?.["n"]);
  const before = await count();
  await run(
    history,
    `INSERT INTO ${at} (d, v) VALUES ('${keyValue(shape, partition.key)}', ${history.next()})`,
  );
  expect(await count(), `rows of ${table} after a new one`).toBe(before + 1);
}

/** Rows by partition. An automatic table may lack empty partitions: a load makes them when it needs them. */
function contents(table: ReturnType<Seen["get"]>, automatic: boolean): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...(table?.partitions ?? [])]
      .map(([name, { content }]): [string, string] => [name, content])
      .filter(([, content]) => !automatic || content !== ""),
  );
}

function expectOthersUntouched(before: Seen, after: Seen, wanted: readonly string[]): void {
  const others = (seen: Seen) =>
    new Map([...seen].filter(([table]) => !wanted.includes(table) && !/__replaced_/.test(table)));
  expect(others(after), "tables that were not restored").toEqual(others(before));
}
