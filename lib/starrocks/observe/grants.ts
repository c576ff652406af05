import { StarRocksFault } from "../fault.ts";
import { name } from "../quote.ts";
import { optionalText, text } from "../row.ts";
import type { Row, Session } from "../session.ts";

const internal = "default_catalog";

/** What SHOW GRANTS says of the session's user. */
export interface ShownGrants {
  /** `'backup'@'%'`. */
  readonly user: string;
  /** Texts of GRANT statements, of privileges and of roles. */
  readonly statements: readonly string[];
}

/**
 * The session's own grants; everybody may see those. Objects stand there by their present names.
 *
 * @returns undefined where this version prints them in another form (2.5, or without the column `Grants`)
 */
export async function readGrants(session: Session): Promise<ShownGrants | undefined> {
  const rows = await session.query("SHOW GRANTS", "read the user's grants");
  const [first] = rows;
  if (first === undefined) return { user: await readUser(session), statements: [] };
  if (first["Grants"] === undefined || first["UserIdentity"] === undefined) return undefined;
  const statements = rows.filter(isInternal).flatMap((row) => optionalText(row, "Grants") ?? []);
  return { user: text(first, "UserIdentity"), statements };
}

/** What the roles give that are active in the session. */
export interface ShownRoles {
  /** Those that are active, and those that they have. */
  readonly roles: readonly string[];
  /** Texts of GRANT statements. */
  readonly statements: readonly string[];
  /** Roles whose grants cannot be seen. */
  readonly hidden: readonly string[];
}

/**
 * The grants of the session's active roles, and of the roles that those have; a statement each. A user may see those of its own
 * roles. A role that is neither default nor set is not active, and gives nothing.
 *
 * @param rolesIn the roles that the text of a GRANT gives; none where it gives privileges
 */
export async function readRoles(
  session: Session,
  rolesIn: (statement: string) => readonly string[],
): Promise<ShownRoles> {
  const [active] = await session.query("SELECT CURRENT_ROLE() AS roles", "find out the active roles");
  const shown = active === undefined ? "NONE" : text(active, "roles");
  const roles = new Set(shown === "NONE" ? [] : shown.split(", "));
  const statements: string[] = [];
  const hidden: string[] = [];
  // A set that grows while it is walked: each role once.
  for (const role of roles) {
    const found = await readRole(session, role);
    if (found === undefined) hidden.push(role);
    for (const statement of found ?? []) {
      statements.push(statement);
      for (const inner of rolesIn(statement)) roles.add(inner);
    }
  }
  return { roles: [...roles], statements, hidden };
}

async function readRole(session: Session, role: string): Promise<readonly string[] | undefined> {
  try {
    const rows = await session.query(`SHOW GRANTS FOR ROLE ${name(role)}`, `read the grants of role ${role}`);
    if (rows.some((row) => row["Grants"] === undefined)) return undefined;
    return rows.filter(isInternal).flatMap((row) => optionalText(row, "Grants") ?? []);
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "access-denied") return undefined;
    throw error;
  }
}

/** Databases of external catalogs stand there by the same words. Roles and privileges on catalogs have no catalog. */
function isInternal(row: Row): boolean {
  return (optionalText(row, "Catalog") ?? internal) === internal;
}

async function readUser(session: Session): Promise<string> {
  const [row] = await session.query("SELECT current_user() AS user_identity", "find out the user's name");
  return row === undefined ? "" : text(row, "user_identity");
}
