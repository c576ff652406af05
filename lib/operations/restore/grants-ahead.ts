import { groupBy } from "../../group-by.ts";
import type { HeldPrivileges } from "../../planning/privileges/missing.ts";
import type { PlannedRestore } from "../../planning/restore/restore-plan.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { type GrantOn, grantsOnStatement, readGrantsOn } from "../../starrocks/observe/grants-on.ts";
import type { Session } from "../../starrocks/session.ts";
import { regrantStatement } from "../../starrocks/statements/regrant.ts";
import { mayGrant } from "../step/privileges.ts";

/**
 * What an approver should know of grants that the user cannot give again to restored tables: StarRocks knows them by the
 * table's id, and the restored table has another (starrocks.md §11). Nothing is asked where the user may grant.
 */
export async function readGrantsAhead(
  session: Session,
  held: HeldPrivileges | undefined,
  tables: readonly PlannedRestore[],
): Promise<readonly string[]> {
  const replaced = tables.filter(({ replaces, only }) => replaces !== undefined && only === undefined);
  if (held === undefined || replaced.length === 0 || mayGrant(held)) return [];
  const notes: string[] = [];
  for (const [database, ofDatabase] of groupBy(replaced, (each) => each.database)) {
    const names = ofDatabase.map(({ table }) => table);
    notes.push(await noteOf(session, held.user, database, names));
  }
  return notes;
}

async function noteOf(
  session: Session,
  user: string,
  database: string,
  names: readonly string[],
): Promise<string> {
  const lacking = `${user} lacks GRANT on SYSTEM: grants that tables of ${database} have by their own names are given again only where it holds them WITH GRANT OPTION, and named in the result otherwise`;
  const grants = await visible(session, database, names);
  if (grants === undefined)
    return `${lacking}. Whoever may see them lists them by: ${grantsOnStatement(database, names)};`;
  if (grants.length === 0) return `${lacking}. There are none now.`;
  const statements = grants.slice(0, mostNamed).map((each) => regrantStatement(database, each.table, each));
  const more = grants.length > mostNamed ? ` and ${grants.length - mostNamed} more` : "";
  return `${lacking}. To be run afterwards, those on all tables set aside: ${statements.join("; ")}${more}.`;
}

const mostNamed = 20;

/** Undefined where the user may not see them. */
async function visible(
  session: Session,
  database: string,
  names: readonly string[],
): Promise<readonly GrantOn[] | undefined> {
  try {
    return await readGrantsOn(session, database, names);
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "access-denied") return undefined;
    throw error;
  }
}
