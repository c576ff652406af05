import { randomBytes } from "node:crypto";
import { publishName, publishPrefix } from "../../planning/restore/names.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { withoutStop } from "../../sentence.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import { readStanding } from "../../starrocks/observe/standing.ts";
import { renameStatement, swapStatement } from "../../starrocks/statements/alter.ts";
import type { Ending } from "../step/ending.ts";
import { readIntruder } from "./live-targets.ts";
import { fail, finish, isRestored, isRestoredTable } from "./outcome.ts";
import { type Acted, lookAgain, type TableStep } from "./restore-step.ts";

/** An attempt at a table that is to be published or withdrawn. */
export interface Attempt {
  readonly kind: "ours";
  /** The table's name of this attempt's own. */
  readonly own: string;
  /** Names of the tables that belong to the run or are its target, as they were before. */
  readonly present: ReadonlySet<string>;
}

/** There is no table any more that would have to be dealt with. */
interface Nothing {
  readonly kind: "nothing";
  readonly present: ReadonlySet<string>;
}

/** Gives the table that is to be dealt with a name of this attempt's own; waits when another execution was faster. */
export async function takeOver(step: TableStep): Promise<Attempt | Nothing | Wait> {
  const { database, table, mark, present } = step;
  const candidate = publishable(step, present);
  if (candidate === undefined) return { kind: "nothing", present };
  const own = publishName(table, mark, randomBytes(4).toString("hex"));
  const taken = await claimed(step, candidate, renameStatement(database, candidate, own));
  return taken ?? { kind: "ours", own, present };
}

/** The one table that is still to be dealt with: assembled, or renamed by an attempt. */
function publishable({ table, planned, mark }: TableStep, present: ReadonlySet<string>): string | undefined {
  const attempted = [...present].find((each) => each.startsWith(publishPrefix(table, mark)));
  return attempted ?? (present.has(planned.assembledAs) ? planned.assembledAs : undefined);
}

/**
 * Carries the table under this attempt's name to where it belongs: the live name, or the keep name.
 *
 * @param ending of a restore that is given up; undefined: it is carried on
 */
export async function carryOn(step: TableStep, attempt: Attempt, ending: Ending | undefined): Promise<Acted> {
  const { catalog, database, table, planned } = step;
  const { own, present } = attempt;
  const standing = (await readStanding(catalog.session, database, [own])).get(own);
  if (standing === undefined) return publishedByAnother(step);
  if (isRestoredTable(step, standing)) {
    if (!present.has(table)) return await settle(step, attempt, table, ending);
    const outcome = await swap(step, own);
    if (outcome.kind !== "swapped") return outcome.kind === "wait" ? outcome : lookAgain;
  } else if (!(await isRestored(step))) {
    // What was read of the table was read in several statements: another execution may have renamed it in between.
    if (!(await isThere(step, own))) return publishedByAnother(step);
    const reason = `neither ${table} nor ${own} has a partition of the restored table any more; compare the two`;
    return await fail(step, reason);
  }
  return await settle(step, attempt, planned.replaces?.keptAs ?? planned.assembledAs, ending);
}

function publishedByAnother({ database, table }: TableStep): Wait {
  return waitFor(`another execution publishes ${database}.${table}`);
}

/** Gives the table the name that it keeps, which ends the restore of it. */
async function settle(
  step: TableStep,
  { own, present }: Attempt,
  name: string,
  ending: Ending | undefined,
): Promise<Acted> {
  const renamed = await claimed(step, own, renameStatement(step.database, own, name));
  return renamed ?? (await finish(step, new Set([...withoutOwn(step, present), name]), ending));
}

/** The names that were there before, without those that the table had on its way. */
function withoutOwn({ table, planned, mark }: TableStep, present: ReadonlySet<string>): readonly string[] {
  const prefix = publishPrefix(table, mark);
  return [...present].filter((each) => each !== planned.assembledAs && !each.startsWith(prefix));
}

/** Swaps the restored table with the live one, unless it is not the one that the approved plan replaces. */
async function swap(
  step: TableStep,
  own: string,
): Promise<Wait | { readonly kind: "swapped" } | { readonly kind: "left-aside" }> {
  const { database, table, planned } = step;
  // The plan that was approved replaces nothing: what appeared since is not touched.
  if (planned.replaces === undefined) return await leaveAside(step, own);
  try {
    return (await claimed(step, own, swapStatement(database, table, own))) ?? { kind: "swapped" };
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.retriable) throw error;
    return await leaveAside(step, own, error.message);
  }
}

/** Ends a restore that cannot be published; the restored table stays, and is named. */
async function leaveAside(
  step: TableStep,
  own: string,
  refusal?: string,
): Promise<{ readonly kind: "left-aside" }> {
  const { catalog, database, table } = step;
  const intruder = await readIntruder(catalog.session, database, table);
  const appeared = `a ${intruder ?? "table"} ${table} has appeared since the plan was approved`;
  const reason = intruder === undefined && refusal !== undefined ? withoutStop(refusal) : appeared;
  await fail(step, `${reason}; the restored one is ${database}.${own}`);
  return { kind: "left-aside" };
}

/** Sends a statement about a private table, which another execution may take away at any moment. */
export async function claimed(step: TableStep, own: string, statement: string): Promise<Wait | undefined> {
  const { catalog, database, table } = step;
  try {
    await catalog.session.execute(statement, `publish ${database}.${table}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind === "connection") throw error;
    if (await isThere(step, own)) throw error;
    return publishedByAnother(step);
  }
}

async function isThere({ catalog, database, mark }: TableStep, table: string): Promise<boolean> {
  return (await readTableNames(catalog.session, database, [table], mark)).has(table);
}
