import { name } from "../quote.ts";
import { text } from "../row.ts";
import type { Session } from "../session.ts";

/**
 * The newest finished schema change of each table by `database.table`, as far as StarRocks still lists it; one statement a
 * database. A fast schema change, which does nothing but write metadata, is listed like any other (FE
 * `SchemaChangeHandler.modifyTableAddOrDrop`).
 *
 * @returns job ids, which only grow
 */
export async function readSchemaChanges(
  session: Session,
  databases: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const newest = new Map<string, string>();
  for (const database of databases) {
    const jobs = await session.query(
      `SHOW ALTER TABLE COLUMN FROM ${name(database)}`,
      `list the schema changes of ${database}`,
    );
    for (const job of jobs) {
      if (text(job, "State") !== "FINISHED") continue;
      const key = `${database}.${text(job, "TableName")}`;
      const id = text(job, "JobId");
      if (BigInt(id) > BigInt(newest.get(key) ?? 0)) newest.set(key, id);
    }
  }
  return newest;
}
