import { expect } from "vitest";
import { BackupError } from "../../../lib/errors.ts";
import { restorePlanner } from "../../../lib/operations/restore/planner.ts";
import { planRun } from "../../../lib/operations/run/plan.ts";
import type { RestorePlan } from "../../../lib/planning/restore/restore-plan.ts";
import { silent } from "../../support/silent.ts";
import { refresh } from "../changes.ts";
import { groupNames, type History, type Model, otherNames, pick, type RestorePoint, run } from "../model.ts";
import { observe, type Seen } from "../observe.ts";
import { isAutomatic, keyValue } from "../shapes.ts";
import { expectTidy } from "../tidy.ts";
import { carryOut } from "./carry-out.ts";
import type { ChosenRestore } from "./choice.ts";
import { expectOthersUntouched, expectPartitions, expectTable, tableIn } from "./expect.ts";
import { misfit } from "./misfit.ts";
import { forgetOldest, remember } from "./past.ts";

/** What a choice means in a history. */
interface Wanted {
  readonly point: RestorePoint;
  /** Undefined: the whole run, by its group or not. */
  readonly tables: readonly string[] | undefined;
  readonly group: string | undefined;
  /** Of the one table. */
  readonly partitions: Parameters<typeof restorePlanner>[0]["partitions"];
  readonly destination: Parameters<typeof restorePlanner>[0]["destination"];
}

/** A restore that was planned, and what was there before. */
interface Restored {
  readonly history: History;
  readonly model: Model;
  readonly before: Seen;
  readonly after: Seen;
}

type PlannedTable = RestorePlan["tables"][number];

/** Restores through the product and compares every row with what it was, and what was not restored with itself. */
export async function runRestore(history: History, model: Model, chosen: ChosenRestore): Promise<void> {
  const point = pick(model.points, chosen.point);
  const wanted = point && wantedOf(history, model, { chosen, point });
  if (wanted === undefined) return;
  await forgetOldest(history, model);
  const before = await observe(history.cluster.client, history.database);
  const planned = await plan(history, model, { chosen, wanted, before });
  if (planned === undefined) return;
  const { runId, plan: made } = planned;
  history.log.push(`-- ${runId}: ${made.tables.map(said).join("; ")}`);
  const failed = await carryOut(history, { ...planned, operation: "restore" });
  await expectTidy(history);
  const after = await observe(history.cluster.client, history.database);
  const restored = { history, model, before, after };
  if (failed !== undefined) return expectExcused(restored, made, failed);
  expectRightPoints(model, made, { chosen, wanted });
  for (const table of made.tables) await expectRestored(restored, table);
  const inPlace = made.tables.filter(({ source }) => source === undefined);
  const expectedNew = made.tables.flatMap((each) => newNames(history, before, each, chosen.keepSeconds));
  const touched = [...inPlace.map(({ table }) => table), ...expectedNew];
  expect([...after.keys()].filter((table) => !before.has(table)).sort(), "tables that are new").toEqual(
    expectedNew.sort(),
  );
  expectOthersUntouched(before, after, touched);
  await remember(restored, { runId, plan: made });
  for (const table of made.tables) await goOn(restored, table);
  await refresh(history, model);
}

function said({ database, table, strategy, only, label, source }: PlannedTable): string {
  const partitions = only === undefined ? "" : ` PARTITION (${only.join(", ")})`;
  return `${strategy} ${source === undefined ? "" : `${source.table} -> `}${database}.${table}${partitions} of ${label}`;
}

interface Asked {
  readonly chosen: ChosenRestore;
  readonly wanted: Wanted;
}

/** Undefined: the choice means nothing here. */
function wantedOf(
  history: History,
  model: Model,
  { chosen: { scope, place }, point }: { readonly chosen: ChosenRestore; readonly point: RestorePoint },
): Wanted | undefined {
  const restorable = [...point.state].filter(([, table]) => table.partitions.size > 0).map(([name]) => name);
  const tables = tablesOf(restorable, scope);
  const [only] = tables?.length === 1 ? tables : [];
  const isPart = scope.kind === "partitions" || scope.kind === "range";
  const partitions = isPart && only !== undefined ? partitionsOf(point, only, scope) : undefined;
  if (restorable.length === 0 || (isPart && partitions === undefined)) return undefined;
  const fresh = [...groupNames, ...otherNames].find((name) => !model.tables.has(name));
  const byName = place === "name" && only !== undefined && fresh !== undefined;
  return {
    ...{ point, tables, partitions },
    group: tables === undefined ? history.group : undefined,
    destination: {
      renameTo: byName ? fresh : undefined,
      suffix: place === "suffix" || (place === "name" && !byName) ? "_copy" : undefined,
      intoDatabase: place === "database" ? `${history.database}_lab` : undefined,
    },
  };
}

/** Undefined: all of the run. */
function tablesOf(
  restorable: readonly string[],
  scope: ChosenRestore["scope"],
): readonly string[] | undefined {
  switch (scope.kind) {
    case "all":
      return restorable;
    case "group":
      return undefined;
    case "tables":
      return [...new Set(scope.numbers.flatMap((each) => pick(restorable, each) ?? []))];
    case "partitions":
    case "range":
      return [pick(restorable, scope.table) ?? []].flat();
  }
}

function partitionsOf(
  point: RestorePoint,
  table: string,
  scope: ChosenRestore["scope"],
): Wanted["partitions"] {
  const state = point.state.get(table);
  const names = [...(state?.partitions.keys() ?? [])];
  if (scope.kind === "partitions") {
    const chosen = scope.numbers.flatMap((each) => pick(names, each) ?? []);
    return { kind: "names", names: [...new Set(chosen)] };
  }
  const shape = point.tables.get(table)?.shape;
  if (scope.kind !== "range" || shape === undefined) return undefined;
  const [from, to] = [Math.min(scope.from, scope.to), Math.max(scope.from, scope.to)];
  return { kind: "range", from: keyValue(shape, from), to: keyValue(shape, to) };
}

interface Planned {
  readonly runId: string;
  readonly planHash: string;
  readonly plan: RestorePlan;
}

/** Plans it; undefined: the plan is refused, and there is a reason for that. */
async function plan(
  history: History,
  model: Model,
  { chosen, wanted, before }: Asked & { readonly before: Seen },
): Promise<Planned | undefined> {
  const { point, tables, group, partitions, destination } = wanted;
  const at = await instantOf(history, chosen, point);
  history.log.push(
    `-- restore ${tables?.join(", ") ?? "the group"} ${partitions === undefined ? "" : JSON.stringify(partitions)} to ${JSON.stringify(at)}, ${JSON.stringify(destination)}`,
  );
  try {
    const { runId, planHash, plan } = await planRun(
      history.cluster.settings,
      restorePlanner({
        target: {
          at,
          tables: (tables ?? []).map((table) => `${history.database}.${table}`),
          group,
          repository: undefined,
        },
        clusters: undefined,
        partitions,
        destination,
        maxDrift: 1_000_000,
        keepSeconds: chosen.keepSeconds,
        allOrNothing: tables === undefined,
        dryRun: false,
      }),
      silent,
    );
    return { runId: String(runId), planHash, plan };
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    history.log.push(`-- refused: ${error.message}`);
    if (!isRightlyRefused(error, model, { chosen, wanted, before })) throw error;
    const after = await observe(history.cluster.client, history.database);
    expectOthersUntouched(before, after, []);
    return undefined;
  }
}

async function instantOf(history: History, { at }: ChosenRestore, point: RestorePoint) {
  if (at === "label") return { kind: "label", label: point.label } as const;
  if (at === "newest") return { kind: "time", time: "2099-01-01 00:00:00" } as const;
  const [row] = await history.cluster.client.rows(
    `SELECT cut_to FROM ops.backup_history WHERE label = '${point.label}'`,
  );
  return { kind: "time", time: String(row?.["cut_to"]) } as const;
}

function isRightlyRefused(
  { code, message }: BackupError,
  model: Model,
  { chosen, wanted, before }: Asked & { readonly before: Seen },
): boolean {
  const { tables, partitions, point } = wanted;
  const [only = ""] = tables ?? [];
  // A time may mean a later point than the one that the names were taken from.
  const isOther = chosen.at !== "label";
  switch (code) {
    case "PARTITION_UNKNOWN": {
      // What came while a backup was under way has no range in its manifest.
      if (isOther || (point.disturbed && message.includes("is not known"))) return true;
      const keys = [...(point.state.get(only)?.partitions.values() ?? [])].map(({ key }) => key);
      return partitions?.kind === "range" && (keys.includes(0) || message.startsWith("No partition"));
    }
    case "PARTITION_UNFIT":
    case "TARGET_MISSING":
      return isOther || misfit({ point, model, before }, only, partitions) !== undefined;
    case "NOTHING_TO_RESTORE":
      return isOther;
    default:
      return false;
  }
}

/** A restore of partitions whose rows do not fit any more ends with that, and has replaced nothing. */
function expectExcused({ model, before, after }: Restored, plan: RestorePlan, failed: BackupError): void {
  const [table] = plan.tables;
  const point = table && model.points.find(({ label }) => label === table.label);
  const names = table?.only;
  const reason =
    table && point && names && misfit({ point, model, before }, table.table, { kind: "names", names });
  if (reason === undefined) throw failed;
  expectOthersUntouched(before, after, [table?.table ?? ""]);
  const content = (seen: Seen) =>
    [...(seen.get(table?.table ?? "")?.partitions ?? [])].filter(([, each]) => each.content !== "");
  expect(content(after), `what ${table?.table} holds after a restore that failed`).toEqual(content(before));
}

/** Each table is restored to the newest point that the choice allows. */
function expectRightPoints(model: Model, plan: RestorePlan, { chosen, wanted }: Asked): void {
  if (chosen.at === "label" && wanted.tables === undefined) {
    const names = [...wanted.point.state].filter(([, { partitions }]) => partitions.size > 0);
    expect(plan.tables.map(({ source, table }) => source?.table ?? table).sort()).toEqual(
      names.map(([name]) => name).sort(),
    );
  }
  for (const { table, label, source } of plan.tables) {
    const name = source?.table ?? table;
    if (chosen.at === "label") {
      expect(label, `restore point of ${name}`).toBe(wanted.point.label);
      continue;
    }
    const having = model.points.filter(({ state }) => state.has(name));
    const index = having.findIndex((each) => each.label === label);
    expect(index, `${label} of ${name} is a restore point`).toBeGreaterThanOrEqual(0);
    if (chosen.at === "newest") expect(index, `${label} is the newest of ${name}`).toBe(having.length - 1);
    // Another one may have been cut in the same second.
    else if (wanted.point.state.has(name)) expect(index).toBeGreaterThanOrEqual(having.indexOf(wanted.point));
  }
}

async function expectRestored(
  { history, model, before, after }: Restored,
  { database, table, source, only, label, strategy }: PlannedTable,
): Promise<void> {
  const point = model.points.find((each) => each.label === label);
  if (point === undefined) throw new Error(`${label} is no restore point`);
  const seen = database === history.database ? after : await observe(history.cluster.client, database);
  const name = source?.table ?? table;
  if (strategy !== "partitions") return expectTable({ point, name, only }, tableIn(seen, table));
  const reason = misfit({ point, model, before }, table, { kind: "names", names: only ?? [] });
  expectPartitions({ point, name, only, isSame: reason === undefined }, before.get(table), seen.get(table));
}

/** Names that are there afterwards and were not before. */
function newNames(
  history: History,
  before: Seen,
  { database, table, source, replaces }: PlannedTable,
  keepSeconds: number,
): readonly string[] {
  if (database !== history.database) return [];
  if (source !== undefined || !before.has(table)) return [table];
  return replaces === undefined || keepSeconds === 0 ? [] : [replaces.keptAs];
}

/** The history goes on with what was restored, where it is known of what kind that is. */
async function goOn(
  { history, model, after }: Restored,
  { database, table, source, label, strategy }: PlannedTable,
): Promise<void> {
  if (database !== history.database) {
    await run(history, `DROP DATABASE IF EXISTS ${database} FORCE`);
    return;
  }
  const point = model.points.find((each) => each.label === label);
  const known = point?.tables.get(source?.table ?? table);
  if (strategy !== "partitions") {
    if (known === undefined || ![...groupNames, ...otherNames].includes(table as never)) {
      await run(history, `DROP TABLE ${history.database}.${table} FORCE`);
      model.tables.delete(table);
      return;
    }
    // A column may have been added or dropped while the backup was under way.
    const columns = (after.get(table)?.columns ?? "").split(",").map((column) => column.split(" ")[0] ?? "");
    model.tables.set(table, { ...known, added: columns.filter((column) => /^e\d+$/.test(column)) });
  }
  if (point !== undefined) await expectFreshIds(history, model, table);
}

/**
 * A new row gets an id of its own: on a PRIMARY KEY table it would take the place of a restored one otherwise. Where no
 * counter can be moved and the table is put together in an older part, the restore says so.
 */
async function expectFreshIds(history: History, model: Model, table: string): Promise<void> {
  const shape = model.tables.get(table)?.shape;
  if (shape?.filled !== "numbered" || isAutomatic(shape)) return;
  const { client } = history.cluster;
  const at = `${history.database}.${table}`;
  await refresh(history, model);
  const key = [...(model.tables.get(table)?.partitions.values() ?? [])].find((each) => each > 0);
  if (key === undefined) return;
  const count = async () => Number((await client.rows(`SELECT count(*) AS n FROM ${at}`))[0]?.["n"]);
  const before = await count();
  await run(history, `INSERT INTO ${at} (d, v) VALUES ('${keyValue(shape, key)}', ${history.next()})`);
  expect(await count(), `rows of ${table} after a new one`).toBe(before + 1);
}
