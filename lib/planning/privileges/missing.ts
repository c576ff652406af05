import type { ShownGrants } from "../../starrocks/observe/grants.ts";
import type { Needed, Privilege, Securable } from "../../starrocks/statements/grant.ts";

/** What a user may do. */
export interface HeldPrivileges {
  readonly user: string;
  /** Privileges as words, by the object as SHOW GRANTS prints it: `ALL TABLES IN DATABASE sales_db`. */
  readonly on: ReadonlyMap<string, ReadonlySet<string>>;
  /** Roles that are only named: what they give is not known. */
  readonly roles: readonly string[];
}

/** The roles that the text of a GRANT gives; none where it gives privileges. */
export function givenRoles(statement: string): readonly string[] {
  return heldPrivileges({ user: "", statements: [statement] }).roles;
}

/** The same with what roles give. @param unknown roles of which nobody knows what they give */
export function withRoles(
  held: HeldPrivileges,
  statements: readonly string[],
  unknown: readonly string[],
): HeldPrivileges {
  const ofRoles = heldPrivileges({ user: held.user, statements });
  const on = new Map<string, ReadonlySet<string>>(held.on);
  for (const [object, privileges] of ofRoles.on)
    on.set(object, new Set([...(on.get(object) ?? []), ...privileges]));
  return { user: held.user, on, roles: unknown };
}

export function heldPrivileges({ user, statements }: ShownGrants): HeldPrivileges {
  const on = new Map<string, Set<string>>();
  const roles: string[] = [];
  for (const statement of statements) {
    const [, privileges, object] = /^GRANT (.+?) ON (.+) TO (?:USER|ROLE) /s.exec(statement) ?? [];
    if (privileges === undefined || object === undefined) {
      roles.push(...rolesIn(statement));
      continue;
    }
    const held = on.get(object) ?? new Set();
    for (const privilege of privileges.split(", ")) held.add(privilege.toLowerCase().replaceAll(" ", "-"));
    on.set(object, held);
  }
  return { user, on, roles };
}

/** Roles of `GRANT 'a', 'b' TO 'ana'@'%'`; a text that reads otherwise may give anything, as a role may. */
function rolesIn(statement: string): readonly string[] {
  const [, names] = /^GRANT (.+?) TO /s.exec(statement) ?? [];
  return names === undefined ? [statement] : names.split(", ").map((each) => each.replace(/^'(.*)'$/s, "$1"));
}

/** What is missing of what is needed; nothing where roles may give it. */
export function missingPrivileges(needed: readonly Needed[], held: HeldPrivileges): readonly Needed[] {
  return needed.flatMap(({ privileges, on }) => {
    const missing = privileges.filter((privilege) => !holds(held, privilege, on));
    return missing.length === 0 ? [] : [{ privileges: missing, on }];
  });
}

/** Whether privileges on something are held by grants of the user's own. */
export function holds({ on }: HeldPrivileges, privilege: Privilege, securable: Securable): boolean {
  const has = (object: string) => on.get(object)?.has(privilege) === true;
  const everyTable = "ALL TABLES IN ALL DATABASES";
  // Objects of grants in the words of SHOW GRANTS, which quotes no name.
  switch (securable.kind) {
    case "system":
      return has("SYSTEM");
    case "catalog":
      return has("CATALOG default_catalog") || has("ALL CATALOGS");
    case "database":
      return has(`DATABASE ${securable.database}`) || has("ALL DATABASES");
    case "new-database":
      return has("ALL DATABASES");
    case "tables": {
      const { database, tables } = securable;
      if (has(`ALL TABLES IN DATABASE ${database}`) || has(everyTable)) return true;
      return tables.every((table) => has(`TABLE ${database}.${table}`));
    }
    case "new-tables":
      return has(`ALL TABLES IN DATABASE ${securable.database}`) || has(everyTable);
    case "new-tables-anywhere":
      return has(everyTable);
  }
}
