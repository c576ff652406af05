import { literal } from "../quote.ts";
import { optionalText, text } from "../row.ts";
import type { Session } from "../session.ts";
import { amongNames } from "./names.ts";

/** Which tables of a database are meant: some by their names, and those that carry a run's mark. */
export interface MarkedTables {
  readonly database: string;
  readonly targets: readonly string[];
  /** Hexadecimal, so that no character of it is a LIKE wildcard. */
  readonly mark: string;
}

/** What there is of them. */
export interface RunTables {
  /** Names of whatever is listed, views too. */
  readonly present: ReadonlySet<string>;
  /** JSON by table, of those whose configuration the user sees. */
  readonly properties: ReadonlyMap<string, string>;
}

/** Looks at them; one statement. Only one of the two views has what the user may not see the configuration of. */
export async function readRunTables(
  session: Session,
  { database, targets, mark }: MarkedTables,
): Promise<RunTables> {
  const { condition, isMeant } = amongNames(targets, mark);
  const where = `WHERE TABLE_SCHEMA = ${literal(database)}${condition}`;
  const rows = await session.query(
    `SELECT TABLE_NAME, NULL AS PROPERTIES FROM information_schema.tables ${where}
     UNION ALL SELECT TABLE_NAME, PROPERTIES FROM information_schema.tables_config ${where}`,
    `list the tables of ${database}`,
  );
  const meant = rows
    .map((row) => ({ table: text(row, "TABLE_NAME"), properties: optionalText(row, "PROPERTIES") }))
    .filter(({ table }) => isMeant(table));
  return {
    present: new Set(meant.map(({ table }) => table)),
    properties: new Map(
      meant.flatMap(({ table, properties }) => (properties === undefined ? [] : [[table, properties]])),
    ),
  };
}
