import type { Affected } from "../../catalog/tables/restore-history.ts";
import { tableKey } from "../../planning/live-table.ts";
import { loadsGoOn } from "../../planning/restore/affected.ts";
import type { TableName } from "../../planning/restore/destination.ts";
import { lostGrants } from "../../planning/restore/lost-grants.ts";
import { withoutStop } from "../../sentence.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { grantsOnStatement, readGrantsOn } from "../../starrocks/observe/grants-on.ts";
import { type MaterializedView, probeView, readMaterializedViews } from "../../starrocks/observe/views.ts";
import type { Session } from "../../starrocks/session.ts";
import { activateStatement, setPropertyStatement } from "../../starrocks/statements/alter.ts";
import { regrantStatement } from "../../starrocks/statements/regrant.ts";
import type { TableStep } from "./restore-step.ts";

/**
 * Sets right what hangs on a table that was replaced: StarRocks knows grants, routine loads and materialized views by the
 * table's id (starrocks.md §11). What cannot be done stops nothing: it is named with the statement that would do it. May be
 * repeated.
 *
 * @param keptAs the name of the replaced table now
 */
export async function settleAround(step: TableStep, keptAs: string): Promise<readonly Affected[]> {
  const { catalog, database, table, planned, progress } = step;
  const { session } = catalog;
  const { colocatedWith, plainViews = [], loads = [] } = planned.replaces ?? {};
  const affected = [
    ...(await passGrantsOn(session, { database, table }, keptAs)),
    ...(await activateOver(session, [{ database, table }])),
    ...(await checkViews(session, plainViews)),
    ...loads.map((object): Affected => ({ kind: "routine_load", object, said: loadsGoOn })),
    ...(colocatedWith === undefined
      ? []
      : [await setColocation(session, { database, table }, colocatedWith)]),
  ];
  for (const { statement, object, said } of affected)
    if (statement !== undefined) progress.say(`${database}.${table}: ${object}: ${said}`);
  return affected;
}

/** Gives the restored table the grants that the replaced one had by its id. */
async function passGrantsOn(
  session: Session,
  { database, table }: TableName,
  keptAs: string,
): Promise<readonly Affected[]> {
  const grants = await unless(async () => await readGrantsOn(session, database, [table, keptAs]));
  if (!Array.isArray(grants)) return [unknownGrants({ database, table }, keptAs)];
  const affected: Affected[] = [];
  for (const lost of lostGrants(grants, keptAs, table)) {
    const statement = regrantStatement(database, table, lost);
    const of = `${lost.privileges.join(", ")} for ${lost.to.toLowerCase()} ${lost.grantee}`;
    affected.push(await tried(session, statement, { kind: "grant", object: of, said: "given again" }));
  }
  return affected;
}

/** Who may do what is only to be seen by those who may read the views of grants. */
function unknownGrants({ database, table }: TableName, keptAs: string): Affected {
  return {
    kind: "grant",
    object: `${database}.${table}`,
    said: `grants by the table's own name are now on ${keptAs}; the user cannot see which, so none was given again`,
    statement: grantsOnStatement(database, [keptAs]),
  };
}

/** Activates the materialized views over tables whose ids have changed, and says how each is. */
export async function activateOver(
  session: Session,
  tables: readonly TableName[],
): Promise<readonly Affected[]> {
  const over = (all: readonly MaterializedView[]) =>
    all.filter((view) => tables.some((each) => view.reads(each)));
  const before = over(await readMaterializedViews(session));
  const inactive = before.filter(({ active }) => !active);
  const failed = new Map<string, Affected>();
  for (const view of inactive) {
    const statement = activateStatement(view.database, view.table);
    const effect = await tried(session, statement, {
      kind: "materialized_view",
      object: tableKey(view),
      said: "active",
    });
    if (effect.statement !== undefined) failed.set(tableKey(view), effect);
  }
  const now = inactive.length === 0 ? before : over(await readMaterializedViews(session));
  return now.map((view) => failed.get(tableKey(view)) ?? stateOf(view));
}

function stateOf(view: MaterializedView): Affected {
  const refreshed = view.lastRefresh === undefined ? "" : `; its last refresh: ${view.lastRefresh}`;
  return {
    kind: "materialized_view",
    object: tableKey(view),
    said: `${view.active ? "active" : "not active"}${refreshed}`,
    ...(!view.active && { statement: activateStatement(view.database, view.table) }),
  };
}

/** Whether views over the table still find what they read: an older state may lack a column. */
async function checkViews(session: Session, views: readonly string[]): Promise<readonly Affected[]> {
  const affected: Affected[] = [];
  for (const object of views.slice(0, mostChecked)) {
    const dot = object.indexOf(".");
    const reason = await refusal(
      async () => await probeView(session, object.slice(0, dot), object.slice(dot + 1)),
    );
    affected.push({
      kind: "view",
      object,
      said: reason === undefined ? "can be read" : `cannot be read: ${reason}`,
    });
  }
  return affected;
}

const mostChecked = 50;

async function setColocation(
  session: Session,
  { database, table }: TableName,
  group: string,
): Promise<Affected> {
  const statement = setPropertyStatement(database, table, ["colocate_with", group]);
  return await tried(session, statement, {
    kind: "property",
    object: "colocate_with",
    said: `the table is in its colocation group ${group} again`,
  });
}

/** Sends a statement. @returns the effect; with the statement and the reason where it was refused */
async function tried(session: Session, statement: string, effect: Affected): Promise<Affected> {
  const reason = await refusal(async () => {
    await session.execute(statement, `set ${effect.object} right`);
  });
  return reason === undefined
    ? effect
    : { ...effect, said: `still to be done by hand: ${reason}`, statement };
}

async function refusal(work: () => Promise<void>): Promise<string | undefined> {
  const outcome = await unless(work);
  return outcome instanceof StarRocksFault ? withoutStop(outcome.message) : undefined;
}

/** @returns what the work gives, or why StarRocks refuses it; throws what another try may mend */
async function unless<Result>(work: () => Promise<Result>): Promise<Result | StarRocksFault> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind === "connection") throw error;
    return error;
  }
}
