import { name, qualified } from "../quote.ts";

/** A privilege as a word: `create-table` is CREATE TABLE. */
export type Privilege =
  | "repository"
  | "export"
  | "select"
  | "insert"
  | "update"
  | "delete"
  | "alter"
  | "drop"
  | "create-table"
  | "create-database";

/** What a privilege is on. */
export type Securable =
  | { readonly kind: "system" }
  | { readonly kind: "catalog" }
  | { readonly kind: "database"; readonly database: string }
  /** One that is not there yet: only a grant on all of them covers it. */
  | { readonly kind: "new-database" }
  | { readonly kind: "tables"; readonly database: string; readonly tables: readonly string[] }
  /** Tables that are not there yet. */
  | { readonly kind: "new-tables"; readonly database: string }
  | { readonly kind: "new-tables-anywhere" };

/** Privileges on one thing. */
export interface Needed {
  readonly privileges: readonly Privilege[];
  readonly on: Securable;
}

/**
 * The statement by which an administrator gives a user what is missing.
 *
 * @param user as SHOW GRANTS prints it: `'backup'@'%'`
 */
export function grantStatement({ privileges, on }: Needed, user: string): string {
  const named = privileges.map((privilege) => privilege.toUpperCase().replaceAll("-", " "));
  return `GRANT ${named.join(", ")} ON ${objectText(on)} TO USER ${user}`;
}

function objectText(on: Securable): string {
  switch (on.kind) {
    case "system":
      return "SYSTEM";
    case "catalog":
      return "CATALOG default_catalog";
    case "database":
      return `DATABASE ${name(on.database)}`;
    case "new-database":
      return "ALL DATABASES";
    case "tables": {
      const [only, ...others] = on.tables;
      if (only !== undefined && others.length === 0) return `TABLE ${qualified(on.database, only)}`;
      return `ALL TABLES IN DATABASE ${name(on.database)}`;
    }
    case "new-tables":
      return `ALL TABLES IN DATABASE ${name(on.database)}`;
    case "new-tables-anywhere":
      return "ALL TABLES IN ALL DATABASES";
  }
}
