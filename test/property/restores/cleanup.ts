import { expect } from "vitest";
import { type CleanupRequest, cleanUp } from "../../../lib/operations/cleanup/cleanup.ts";
import { silent } from "../../support/silent.ts";
import { type History, type Model, pick } from "../model.ts";
import { observe } from "../observe.ts";
import { expectOthersUntouched } from "./expect.ts";
import { clockOf, idsOf, type PastRestore } from "./past.ts";

/** A cleanup: of what is due, of one kept table, or of a run's that is due. */
export interface ChosenCleanup {
  readonly kind: "due" | "named" | "run" | "dry";
  readonly number: number;
  /** Seconds that pass before it. */
  readonly seconds: number;
}

export function describeCleanup({ kind, number, seconds }: ChosenCleanup): string {
  return `cleanup(${kind} ${number}, +${seconds} s)`;
}

export async function runCleanup(history: History, model: Model, chosen: ChosenCleanup): Promise<void> {
  history.cluster.passSeconds(chosen.seconds);
  const ids = await idsOf(history);
  const keeping = model.restores.filter((past) => keptOf(past, ids).length > 0);
  const past = pick(keeping, chosen.number);
  if (past === undefined) return;
  const [name = ""] = keptOf(past, ids);
  const tables = chosen.kind === "named" ? [`${history.database}.${name}`] : [];
  const runId = chosen.kind === "run" ? past.runId : undefined;
  const concerned = chosen.kind === "run" ? [past] : keeping;
  const isDry = chosen.kind === "dry";
  const due = concerned.filter((each) => isDue(history, each) === true).flatMap((each) => keptOf(each, ids));
  const unsure = concerned
    .filter((each) => isDue(history, each) === undefined)
    .flatMap((each) => keptOf(each, ids));
  const expected = isDry ? [] : chosen.kind === "named" ? [name] : due;
  await clean(
    history,
    { runId, tables, dryRun: isDry },
    { expected, unsure: tables.length > 0 ? [] : unsure },
  );
}

/** Drops what a restore keeps, before its time. */
export async function dropKept(history: History, past: PastRestore): Promise<void> {
  const kept = keptOf(past, await idsOf(history));
  const tables = kept.map((table) => `${history.database}.${table}`);
  if (kept.length > 0)
    await clean(history, { runId: past.runId, tables, dryRun: false }, { expected: kept, unsure: [] });
}

/** What is dropped is what is expected; nothing else is touched. */
async function clean(
  history: History,
  request: CleanupRequest,
  { expected, unsure }: { readonly expected: readonly string[]; readonly unsure: readonly string[] },
): Promise<void> {
  history.log.push(`-- cleanup ${JSON.stringify(request)}`);
  const { client, settings } = history.cluster;
  const before = await observe(client, history.database);
  const result = await cleanUp(settings, request, silent);
  expect(result.notFound).toEqual([]);
  const after = await observe(client, history.database);
  const dropped = [...before.keys()].filter((table) => !after.has(table) && !unsure.includes(table));
  expect(dropped.sort(), "tables that cleanup has dropped").toEqual([...expected].sort());
  expectOthersUntouched(before, after, [...expected, ...unsure]);
}

function keptOf({ tables }: PastRestore, ids: ReadonlyMap<string, string>): readonly string[] {
  return tables.flatMap(({ kept }) => (kept !== undefined && ids.has(kept.name) ? [kept.name] : []));
}

/** Undefined: it is about to be. */
function isDue(history: History, { overAt, keepSeconds, tables }: PastRestore): boolean | undefined {
  // What was restored and swapped away again is kept for longer.
  if (tables.some(({ undone }) => undone)) return undefined;
  const left = overAt + keepSeconds - clockOf(history);
  return Math.abs(left) < 20 ? undefined : left < 0;
}
