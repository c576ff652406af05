import { literal, literals } from "../quote.ts";
import { text } from "../row.ts";
import type { Session } from "../session.ts";

/** What somebody may do with a table, by a grant of its own or by one on all tables: StarRocks does not tell which. */
export interface GrantOn {
  /** `'ana'@'%'`, or the name of a role. */
  readonly grantee: string;
  readonly to: "USER" | "ROLE";
  readonly table: string;
  /** `SELECT`, `INSERT`. */
  readonly privileges: readonly string[];
  readonly grantable: boolean;
}

/**
 * The grants on some tables of a database, of all users and roles; one statement.
 *
 * @throws {StarRocksFault} `access-denied` without SELECT on these views (starrocks.md §13)
 */
export async function readGrantsOn(
  session: Session,
  database: string,
  tables: readonly string[],
): Promise<readonly GrantOn[]> {
  const doing = `read the grants on ${tables.join(" and ")}`;
  const rows = await session.query(grantsOnStatement(database, tables), doing);
  return rows.map((row) => ({
    grantee: text(row, "GRANTEE"),
    to: text(row, "given_to") === "ROLE" ? "ROLE" : "USER",
    table: text(row, "OBJECT_NAME"),
    privileges: text(row, "PRIVILEGE_TYPE")
      .split(",")
      .map((each) => each.trim())
      .filter((each) => /^[A-Z][A-Z ]*$/.test(each)),
    grantable: text(row, "IS_GRANTABLE") === "YES",
  }));
}

/** What lists them, for whoever may see them. */
export function grantsOnStatement(database: string, tables: readonly string[]): string {
  const of = (to: GrantOn["to"], view: string) =>
    [
      `SELECT '${to}' AS given_to, GRANTEE, OBJECT_NAME, PRIVILEGE_TYPE, IS_GRANTABLE FROM sys.${view}`,
      `WHERE OBJECT_TYPE = 'TABLE' AND OBJECT_CATALOG = 'default_catalog' AND OBJECT_DATABASE = ${literal(database)}`,
      `AND OBJECT_NAME IN ${literals(tables)}`,
    ].join(" ");
  return `${of("USER", "grants_to_users")} UNION ALL ${of("ROLE", "grants_to_roles")}`;
}
