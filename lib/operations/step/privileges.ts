import type { Catalog } from "../../catalog/catalog.ts";
import { catalogTables } from "../../catalog/tables/all.ts";
import { BackupError } from "../../errors.ts";
import {
  givenRoles,
  type HeldPrivileges,
  heldPrivileges,
  holds,
  missingPrivileges,
  withRoles,
} from "../../planning/privileges/missing.ts";
import type { CatalogTables } from "../../planning/privileges/needed.ts";
import type { Skipped } from "../../planning/skipped.ts";
import { readGrants, readRoles } from "../../starrocks/observe/grants.ts";
import type { TableConfig } from "../../starrocks/observe/tables.ts";
import type { Session } from "../../starrocks/session.ts";
import { grantStatement, type Needed } from "../../starrocks/statements/grant.ts";

/** Roles of StarRocks' own that may do all that a run needs. */
const mighty: ReadonlySet<string> = new Set(["root", "db_admin"]);

function isMighty({ roles }: HeldPrivileges): boolean {
  return roles.some((role) => mighty.has(role));
}

/** The tables that every run writes to. */
export function tablesOf({ database }: Catalog): CatalogTables {
  return { database, tables: catalogTables.map((table) => table.name) };
}

/** What the user may do by grants of its own and of its active roles; undefined where this version does not say. */
export async function readHeld(session: Session): Promise<HeldPrivileges | undefined> {
  const shown = await readGrants(session);
  const held = shown && heldPrivileges(shown);
  if (held === undefined || held.roles.length === 0 || isMighty(held)) return held;
  const { roles, statements, hidden } = await readRoles(session, givenRoles);
  const ofAll = roles.filter((role) => mighty.has(role));
  return withRoles(held, statements, [...ofAll, ...hidden]);
}

/**
 * Makes sure that a run's statements will be allowed, before it is planned.
 *
 * @returns what a reader of the plan should know: what only roles may give was not checked
 * @throws {BackupError} `ACCESS_DENIED`, with the GRANT statements that are missing
 */
export function checkPrivileges(
  held: HeldPrivileges | undefined,
  needed: readonly Needed[],
): readonly string[] {
  if (held === undefined || isMighty(held)) return [];
  const missing = missingPrivileges(needed, held);
  if (missing.length === 0) return [];
  const grants = missing.map((each) => grantStatement(each, held.user));
  if (held.roles.length > 0) {
    return [
      `Whether the roles of ${held.user} (${held.roles.join(", ")}) give what this needs was not checked: ${grants.join("; ")}.`,
    ];
  }
  throw new BackupError({
    code: "ACCESS_DENIED",
    message: `The user ${held.user} lacks privileges that this needs.`,
    next: `Let an administrator run: ${grants.map((grant) => `${grant};`).join(" ")}`,
  });
}

/** Whether the user may give any privilege to anybody; also where roles may say so of which nothing is known. */
export function mayGrant(held: HeldPrivileges): boolean {
  return held.roles.length > 0 || held.on.get("SYSTEM")?.has("grant") === true;
}

/** Tables that BACKUP would refuse to read, each with what is missing; none where roles may give it of which nothing is known. */
export function notExportable(
  held: HeldPrivileges | undefined,
  tables: readonly TableConfig[],
): readonly Skipped[] {
  if (held === undefined || held.roles.length > 0) return [];
  return tables.flatMap(({ database, table }) => {
    const on = { kind: "tables", database, tables: [table] } as const;
    if (holds(held, "export", on)) return [];
    const grant = grantStatement({ privileges: ["export"], on }, held.user);
    const reason = `the user lacks the EXPORT privilege on it; an administrator can give it: ${grant}`;
    return [{ object: `${database}.${table}`, reason, isGap: true as const }];
  });
}
