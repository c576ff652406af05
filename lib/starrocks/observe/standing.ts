import { groupBy } from "../../group-by.ts";
import { optionalText, text } from "../row.ts";
import type { Session } from "../session.ts";
import { inScope, inScopes } from "./scope.ts";

/** What tells a table from every other one that had or will have its name. */
export interface Standing {
  /** Never given again, and the same whatever the table is called. */
  readonly id: string;
  /** Of its partitions, without hidden and temporary ones. An overwrite or a TRUNCATE gives them new ones. */
  readonly partitionIds: readonly string[];
}

/** Looks at those of a database's tables that are there, by name; one statement. */
export async function readStanding(
  session: Session,
  database: string,
  tables: readonly string[],
): Promise<ReadonlyMap<string, Standing>> {
  if (tables.length === 0) return new Map();
  const scopes = [{ database, tables }];
  const rows = await session.query(
    `SELECT TABLE_NAME AS stands, TABLE_ID AS id, NULL AS part FROM information_schema.tables_config
     WHERE ${inScope(scopes, "TABLE_SCHEMA", "TABLE_NAME")}
     UNION ALL SELECT TABLE_NAME, PARTITION_ID, PARTITION_NAME FROM information_schema.partitions_meta
     WHERE ${inScope(scopes, "DB_NAME", "TABLE_NAME")} AND IS_TEMP = 0`,
    `look at the tables of ${database}`,
  );
  const isMeant = inScopes(scopes);
  const seen = rows
    .map((row) => ({ table: text(row, "stands"), id: text(row, "id"), part: optionalText(row, "part") }))
    .filter(({ table }) => isMeant({ database, table }));
  return new Map(
    [...groupBy(seen, ({ table }) => table)].flatMap(([table, ofTable]) => {
      const id = ofTable.find(({ part }) => part === undefined)?.id;
      if (id === undefined) return [];
      const partitions = ofTable.filter(({ part }) => part !== undefined && !part.startsWith("$"));
      return [[table, { id, partitionIds: partitions.map((each) => each.id) }] as const];
    }),
  );
}
