import { optionalText, text } from "../row.ts";
import type { Session } from "../session.ts";

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
  // Databases of external catalogs stand there by the same words. Roles and privileges on catalogs have no catalog.
  const own = rows.filter((row) => (optionalText(row, "Catalog") ?? internal) === internal);
  const statements = own.flatMap((row) => optionalText(row, "Grants") ?? []);
  return { user: text(first, "UserIdentity"), statements };
}

async function readUser(session: Session): Promise<string> {
  const [row] = await session.query("SELECT current_user() AS user_identity", "find out the user's name");
  return row === undefined ? "" : text(row, "user_identity");
}
