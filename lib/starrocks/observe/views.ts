import { literals, qualified } from "../quote.ts";
import { optionalText, text } from "../row.ts";
import type { Row, Session } from "../session.ts";

/** A view, materialized or not. */
export interface ViewDefinition {
  readonly database: string;
  readonly table: string;
  /** Whether its text seems to name a table: StarRocks shows the query as it was written. */
  reads(table: { readonly database: string; readonly table: string }): boolean;
}

/** All materialized views that the user sees; one statement. */
export async function readViewDefinitions(session: Session): Promise<readonly ViewDefinition[]> {
  const rows = await session.query(
    "SELECT TABLE_SCHEMA, TABLE_NAME, MATERIALIZED_VIEW_DEFINITION FROM information_schema.materialized_views",
    "list the materialized views",
  );
  return rows.map((row) => viewOf(row, text(row, "MATERIALIZED_VIEW_DEFINITION")));
}

/** A materialized view, and whether it works. */
export interface MaterializedView extends ViewDefinition {
  readonly active: boolean;
  /** How its last refresh went, such as `SUCCESS`; undefined where there was none. */
  readonly lastRefresh: string | undefined;
}

/** The same with how they are; one statement. */
export async function readMaterializedViews(session: Session): Promise<readonly MaterializedView[]> {
  const rows = await session.query(
    "SELECT TABLE_SCHEMA, TABLE_NAME, IS_ACTIVE, LAST_REFRESH_STATE, MATERIALIZED_VIEW_DEFINITION FROM information_schema.materialized_views",
    "look at the materialized views",
  );
  return rows.map((row) => ({
    ...viewOf(row, text(row, "MATERIALIZED_VIEW_DEFINITION")),
    active: text(row, "IS_ACTIVE") === "true",
    lastRefresh: refreshState(optionalText(row, "LAST_REFRESH_STATE")),
  }));
}

/** An FE writes `null` as a text where there was no refresh yet. */
function refreshState(said: string | undefined): string | undefined {
  return said === "" || said === "null" ? undefined : said;
}

/** Reads nothing of a view. @throws {StarRocksFault} when what it reads is not as it was */
export async function probeView(session: Session, database: string, view: string): Promise<void> {
  await session.query(
    `SELECT * FROM ${qualified(database, view)} LIMIT 0`,
    `read the view ${database}.${view}`,
  );
}

/** Views of some databases that are not materialized, as far as the user sees them; one statement. */
export async function readPlainViews(
  session: Session,
  databases: readonly string[],
): Promise<readonly ViewDefinition[]> {
  const rows = await session.query(
    `SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.views
     WHERE TABLE_SCHEMA IN ${literals(databases)}`,
    "list the views",
  );
  return rows.map((row) => viewOf(row, text(row, "VIEW_DEFINITION")));
}

/** @param row with TABLE_SCHEMA and TABLE_NAME */
export function viewOf(row: Row, definition: string): ViewDefinition {
  const database = text(row, "TABLE_SCHEMA");
  return {
    database,
    table: text(row, "TABLE_NAME"),
    reads: (table) => names(definition, database, table),
  };
}

/** A table of the view's own database may stand there without it. */
function names(
  definition: string,
  own: string,
  { database, table }: { readonly database: string; readonly table: string },
): boolean {
  const full = `${identifier(database)}\\s*\\.\\s*${identifier(table)}`;
  const patterns = database === own ? [full, `(?<!\\.\\s*)${identifier(table)}`] : [full];
  return patterns.some((pattern) => new RegExp(pattern, "u").test(definition));
}

function identifier(name: string): string {
  const plain = name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return `(?:\`${plain.replaceAll("`", "``")}\`|(?<![\\p{L}\\p{N}_\`])${plain}(?![\\p{L}\\p{N}_\`]))`;
}
