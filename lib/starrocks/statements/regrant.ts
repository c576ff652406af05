import { literal, name, qualified } from "../quote.ts";

/** Somebody's privileges on one table. */
export interface TableGrant {
  /** `'ana'@'%'`, or the name of a role, as StarRocks lists it. */
  readonly grantee: string;
  readonly to: "USER" | "ROLE";
  readonly privileges: readonly string[];
  readonly grantable: boolean;
}

/** Gives privileges on a table again that somebody has had on another. */
export function regrantStatement(
  database: string,
  table: string,
  { grantee, to, privileges, grantable }: TableGrant,
): string {
  const whom = to === "ROLE" ? `ROLE ${name(grantee)}` : `USER ${userText(grantee)}`;
  const option = grantable ? " WITH GRANT OPTION" : "";
  return `GRANT ${privileges.join(", ")} ON TABLE ${qualified(database, table)} TO ${whom}${option}`;
}

/** `'ana'@'10.0.0.%'` and `'ana'@['example.org']`, quoted anew: the names are input. */
function userText(identity: string): string {
  const [, user = identity, open = "", host = "%", close = ""] =
    /^'(.*)'@(\[?)'(.*)'(\]?)$/s.exec(identity) ?? [];
  return `${literal(user)}@${open}${literal(host)}${close}`;
}
