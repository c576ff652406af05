import { expect } from "vitest";
import { BackupError } from "../../../lib/errors.ts";
import { planRun } from "../../../lib/operations/run/plan.ts";
import { undoPlanner } from "../../../lib/operations/undo/planner.ts";
import { silent } from "../../support/silent.ts";
import { refresh } from "../changes.ts";
import { type History, type Model, pick } from "../model.ts";
import { observe, type Seen, type SeenTable } from "../observe.ts";
import { expectTidy } from "../tidy.ts";
import { carryOut } from "./carry-out.ts";
import { contents, expectOthersUntouched, tableIn } from "./expect.ts";
import { idsOf, type PastRestore, type PastTable } from "./past.ts";

/** An undo of one of the restores before: of all its tables, or of one. */
export interface ChosenUndo {
  readonly restore: number;
  readonly table: number | undefined;
}

export function describeUndo({ restore, table }: ChosenUndo): string {
  return `undo(${restore}, ${table ?? "all"})`;
}

/** Takes a restore back, where nothing has come in between; else holds the product to refuse it and to change nothing. */
export async function runUndo(history: History, model: Model, chosen: ChosenUndo): Promise<void> {
  const past = pick(model.restores, chosen.restore);
  if (past === undefined || past.tables.length === 0) return;
  const one = chosen.table === undefined ? undefined : pick(past.tables, chosen.table);
  const before = await observe(history.cluster.client, history.database);
  const ids = await idsOf(history);
  const meant = one === undefined ? past.tables : [one];
  const possible = meant.filter((each) => obstacle(each, ids, before) === undefined);
  history.log.push(
    `-- undo ${past.runId} ${meant.map((each) => `${each.table}: ${obstacle(each, ids, before) ?? "possible"}`).join(", ")}`,
  );
  const planned = await plan(history, past, one);
  if (planned === undefined) {
    // One that is named and cannot be undone refuses all.
    expect(possible.length, `tables of ${past.runId} that can be undone`).toBe(0);
    return expectOthersUntouched(before, await observe(history.cluster.client, history.database), []);
  }
  expect(planned.tables.toSorted(), `what undo of ${past.runId} takes back`).toEqual(
    possible.map(({ table }) => table).toSorted(),
  );
  const failed = await carryOut(history, { ...planned, operation: "undo" });
  await expectTidy(history);
  const after = await observe(history.cluster.client, history.database);
  if (failed !== undefined) {
    // Found out only when it is to be put back, or no obstacle where the columns have defaults.
    const alike = possible.filter((each) => hasSameColumns(each, before));
    if (alike.length === possible.length) throw failed;
    possible.splice(0, possible.length, ...alike);
  }
  for (const each of possible.filter((one) => hasSameColumns(one, before))) {
    if (each.only === undefined) expectSwappedBack(each, before, after);
    else expectPutBack(each, before, after);
  }
  const touched = possible.flatMap(({ table, kept, only }) =>
    only === undefined ? [table, kept?.name ?? ""] : [table],
  );
  expectOthersUntouched(before, after, touched);
  for (const each of possible) goOn(model, each);
  const done = new Set(possible);
  model.restores.splice(model.restores.indexOf(past), 1, {
    ...past,
    tables: past.tables.map((each) => (done.has(each) ? { ...each, undone: true } : each)),
  });
  await refresh(history, model);
}

/** Why a table cannot be taken back; undefined: it can. */
function obstacle(
  { table, kept, liveId, only, undone, content }: PastTable,
  ids: ReadonlyMap<string, string>,
  before: Seen,
): string | undefined {
  if (undone) return "undone before";
  if (kept === undefined) return "nothing is kept";
  if (ids.get(kept.name) !== kept.id) return "what was kept is gone";
  if (ids.get(table) !== liveId) return "another table is live";
  if (only === undefined) return undefined;
  const [live, copy] = [before.get(table), before.get(kept.name)];
  const isSame = only.every((name) => {
    const now = live?.partitions.get(name);
    const then = copy?.partitions.get(name) ?? content?.partitions.get(name);
    return now !== undefined && (then === undefined || then.key === now.key);
  });
  return isSame ? undefined : "its partitions are others";
}

/** Whether replaced partitions can be put back as they were; a table comes back whole. */
function hasSameColumns({ table, kept, only }: PastTable, before: Seen): boolean {
  return only === undefined || before.get(table)?.columns === before.get(kept?.name ?? "")?.columns;
}

/** Undefined: the product refuses. */
async function plan(history: History, past: PastRestore, one: PastTable | undefined) {
  try {
    const tables = one === undefined ? [] : [`${history.database}.${one.table}`];
    const planner = undoPlanner({ restore: past.runId, tables, dryRun: false });
    const { runId, planHash, plan } = await planRun(history.cluster.settings, planner, silent);
    return { runId: String(runId), planHash, tables: plan.tables.map(({ table }) => table) };
  } catch (error) {
    if (!(error instanceof BackupError) || error.code !== "NOT_UNDOABLE") throw error;
    history.log.push(`-- refused: ${error.message}`);
    return undefined;
  }
}

/** What was replaced is live, as if nothing had been; what was restored is kept. */
function expectSwappedBack({ table, kept, content }: PastTable, before: Seen, after: Seen): void {
  expect(tableIn(after, table), `${table} after the undo`).toEqual(content);
  expect(tableIn(after, kept?.name ?? ""), `what is kept of ${table} after the undo`).toEqual(
    tableIn(before, table),
  );
}

/** The replaced partitions hold what they held, the others what they do. */
function expectPutBack({ table, only, content }: PastTable, before: Seen, after: Seen): void {
  const wanted = new Set(only);
  const others = (seen: SeenTable | undefined) =>
    new Map([...(seen?.partitions ?? [])].filter(([partition]) => !wanted.has(partition)));
  expect(others(after.get(table)), `other partitions of ${table}`).toEqual(others(before.get(table)));
  expect(contents(after.get(table), false, wanted), `partitions of ${table} after the undo`).toEqual(
    contents(content, false, wanted),
  );
}

function goOn(model: Model, { table, only, model: replaced, schemaChanges }: PastTable): void {
  if (only !== undefined || replaced === undefined) return;
  model.tables.set(table, replaced);
  model.schemaChanges.set(table, schemaChanges);
}
