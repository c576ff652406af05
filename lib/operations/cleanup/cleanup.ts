import type { OpenedCatalog } from "../../catalog/catalog.ts";
import { type RestoreRun, readRestoresByMark } from "../../catalog/restored-by.ts";
import { isOpen } from "../../catalog/runs.ts";
import { groupBy } from "../../group-by.ts";
import { tableKey } from "../../planning/live-table.ts";
import { planHash } from "../../planning/plan-hash.ts";
import { type KnownRestore, type Leftover, leftoverOf } from "../../planning/restore/leftover.ts";
import { isKeptByRestore, markIn } from "../../planning/restore/names.ts";
import { withOwnNames } from "../../planning/restore/own-names.ts";
import type { RestorePlan } from "../../planning/restore/restore-plan.ts";
import { readPartitions } from "../../starrocks/observe/partitions.ts";
import { type IdentifiedTable, readTablesOfForm } from "../../starrocks/observe/run-made.ts";
import { dropClaimed } from "../restore/drop-claimed.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import type { Step } from "../step/step.ts";
import { withCatalog } from "../step/with-catalog.ts";

/** What is asked of a cleanup. */
export interface CleanupRequest {
  /** Only what this run has made; undefined: any. */
  readonly runId: string | undefined;
  /** `database.table` of tables to be dropped before their time; empty: those whose time is over. */
  readonly tables: readonly string[];
  readonly dryRun: boolean;
}

/** A table that a restore has made or kept, or that is called as if. */
export interface CleanupEntry {
  /** `database.table`. */
  readonly table: string;
  /** The run whose mark the name carries, where the catalog has it. */
  readonly runId: string | undefined;
  readonly leftover: Leftover;
  /** Since that run was planned. */
  readonly ageSeconds: number | undefined;
  readonly rows: number;
  readonly bytes: number;
  /** `due`: it would be dropped, were this no dry run. */
  readonly outcome: "dropped" | "due" | "kept" | "failed";
  /** Why it was not dropped, where that is not because it is not due. */
  readonly reason: string | undefined;
}

export interface CleanupResult {
  readonly entries: readonly CleanupEntry[];
  /** Tables that were named and are not there, or of another form. */
  readonly notFound: readonly string[];
  /** Why rows of the catalog could not be read. */
  readonly unreadable: readonly string[];
  readonly dryRun: boolean;
}

/**
 * Lists what restores keep and have left behind, and drops what is due. May be killed anywhere, repeated, and run twice at
 * once: what is there is looked up, and a table is dropped only under a name of this execution's own.
 */
export async function cleanUp(
  settings: ClusterSettings,
  request: CleanupRequest,
  progress: Progress,
): Promise<CleanupResult> {
  return await withCatalog(settings, async (catalog) => {
    const { listed, unreadable } = await list(catalog, request.runId);
    const entries: CleanupEntry[] = [];
    for (const each of listed)
      entries.push({ ...entryOf(each), ...(await outcomeOf({ catalog, progress }, each, request)) });
    const there = new Set(listed.map(({ found }) => tableKey(found)));
    return {
      entries,
      notFound: request.tables.filter((table) => !there.has(table)),
      unreadable,
      dryRun: request.dryRun,
    };
  });
}

/** A table with what it was found to be. */
interface Listed {
  readonly found: IdentifiedTable;
  readonly run: RestoreRun | undefined;
  readonly leftover: Leftover;
  readonly rows: number;
  readonly bytes: number;
}

/** What there is; three statements. */
async function list(
  catalog: OpenedCatalog,
  runId: string | undefined,
): Promise<{ readonly listed: readonly Listed[]; readonly unreadable: readonly string[] }> {
  const all = await readTablesOfForm(catalog.session, isKeptByRestore);
  const found = all.filter(({ table }) => runId === undefined || runId.endsWith(markIn(table) ?? " "));
  if (found.length === 0) return { listed: [], unreadable: [] };
  const marks = [...new Set(found.flatMap(({ table }) => markIn(table) ?? []))];
  const known = await readRestoresByMark(catalog, marks);
  const scopes = [...groupBy(found, ({ database }) => database)].map(([database, tables]) => ({
    database,
    tables: tables.map(({ table }) => table),
  }));
  const partitions = groupBy(await readPartitions(catalog.session, scopes), tableKey);
  const listed = found.map((each) => {
    const run = known.runs.rows.find((one) => one.runId.endsWith(markIn(each.table) ?? " "));
    const ofRun = known.tables.rows.filter((one) => one.runId === run?.runId);
    const held = partitions.get(tableKey(each)) ?? [];
    return {
      found: each,
      run,
      leftover: leftoverOf(each, run && knownRestore(run, ofRun), catalog.opened.now),
      rows: held.reduce((sum, { rows }) => sum + rows, 0),
      bytes: held.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  });
  return { listed, unreadable: [...known.runs.unreadable, ...known.tables.unreadable] };
}

function knownRestore(run: RestoreRun, tables: KnownRestore["tables"]): KnownRestore {
  const mark = run.runId.slice(-8);
  // The kind of run that wrote it is in its row, and so is the hash of what it wrote.
  const plan = planHash(run.plan) === run.planHash ? (run.plan as RestorePlan) : undefined;
  return {
    mark,
    isOver: !isOpen(run.state),
    overSeconds: run.overSeconds,
    plan: plan && withOwnNames(plan, mark),
    tables,
  };
}

function entryOf({ found, run, leftover, rows, bytes }: Listed) {
  return { table: tableKey(found), runId: run?.runId, ageSeconds: run?.ageSeconds, leftover, rows, bytes };
}

async function outcomeOf(
  step: Step,
  { found, run, leftover }: Listed,
  { tables, dryRun }: CleanupRequest,
): Promise<Pick<CleanupEntry, "outcome" | "reason">> {
  if (run === undefined || leftover.kind === "untouched") {
    const reason = leftover.kind === "untouched" ? leftover.reason : undefined;
    return { outcome: "kept", reason };
  }
  const isMeant = tables.length === 0 ? leftover.isDue : tables.includes(tableKey(found));
  if (!isMeant) return { outcome: "kept", reason: undefined };
  if (dryRun) return { outcome: "due", reason: undefined };
  const failed = await dropClaimed(step, found, run.runId);
  return failed === undefined
    ? { outcome: "dropped", reason: undefined }
    : { outcome: "failed", reason: failed };
}
