import type { TableName } from "../../planning/restore/destination.ts";
import { publishPrefix } from "../../planning/restore/names.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import type { Session } from "../../starrocks/session.ts";

/** A table by what stays the same whatever it is called, and the name it should have. */
export interface Sought {
  readonly name: string;
  readonly id: string;
}

/**
 * The name under which a table of a run is: its own, or one that an execution has given it which was killed then.
 *
 * @param mark of the run
 * @param of the table that the run has restored
 * @returns undefined when it is under none of them
 */
export async function nameOf(
  session: Session,
  mark: string,
  { database, table }: TableName,
  { name, id }: Sought,
): Promise<string | undefined> {
  const present = await readTableNames(session, database, [name], mark);
  const attempts = [...present].filter((each) => each.startsWith(publishPrefix(table, mark)));
  const ids = await readTableIds(session, database, [name, ...attempts]);
  return [...ids].find(([, each]) => each === id)?.[0];
}
