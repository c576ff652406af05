import { analysisError, SqlError } from "../../basics/errors.ts";
import { listing, ok, type Result } from "../../basics/result.ts";
import { requireSystem } from "../../engine/access.ts";
import type { Context } from "../../engine/context.ts";
import { isBuiltinRole } from "../../metadata/accounts.ts";
import type { Role } from "../../metadata/privileges.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { findRole, findUser, parseUser, roleList } from "./names.ts";
import { assignDefaultRoles, parseDefaultRoles } from "./users.ts";

/** After `CREATE ROLE`. */
export async function createRole(tokens: Tokens, context: Context): Promise<Result> {
  const ifNotExists = tokens.accept("IF", "NOT", "EXISTS");
  const names = roleList(tokens);
  tokens.expectEnd();
  requireSystem(context, "GRANT");
  const { cluster } = context;
  return cluster.change(async () => {
    for (const name of names) {
      if (cluster.accounts.role(name)) {
        if (ifNotExists) continue;
        throw analysisError(`Operation CREATE ROLE failed for ${name} : role already exists`);
      }
      const role: Role = { kind: "role", id: cluster.catalog.newId(), name, roles: [], grants: [] };
      cluster.accounts.put(role);
      cluster.accounts.touch(cluster.catalog, role);
    }
    return ok();
  });
}

/** After `DROP ROLE`. */
export async function dropRole(tokens: Tokens, context: Context): Promise<Result> {
  const ifExists = tokens.accept("IF", "EXISTS");
  const names = roleList(tokens);
  tokens.expectEnd();
  requireSystem(context, "GRANT");
  const { cluster } = context;
  return cluster.change(async () => {
    for (const name of names) {
      const role = cluster.accounts.role(name);
      if (!role && ifExists) continue;
      if (!role) throw analysisError(`Operation DROP ROLE failed for ${name} : role not exists`);
      if (isBuiltinRole(name)) throw new SqlError(`role ${name} is not mutable!`);
      cluster.accounts.remove(role);
      cluster.accounts.touch(cluster.catalog, role);
      forget(context, name);
    }
    return ok();
  });
}

/** A dropped role is granted to nobody any more. */
function forget({ cluster }: Context, name: string): void {
  for (const one of [...cluster.accounts.users(), ...cluster.accounts.roles()]) {
    if (!one.roles.includes(name)) continue;
    one.roles = one.roles.filter((role) => role !== name);
    if (one.kind === "user") one.defaultRoles = one.defaultRoles.filter((role) => role !== name);
    cluster.accounts.touch(cluster.catalog, one);
  }
}

/** After `SET ROLE`: which of the granted roles count in this session. */
export async function setRole(tokens: Tokens, context: Context): Promise<Result> {
  const { cluster, session } = context;
  const user = cluster.accounts.user(session.user);
  const granted = user?.roles ?? [];
  const checked = (names: readonly string[]): string[] =>
    names.map((name) => {
      findRole(context, name, "Cannot set role");
      if (!granted.includes(name)) throw new SqlError(`Role ${name} is not granted to '${session.user}'@'%'`);
      return name;
    });
  if (tokens.accept("DEFAULT")) session.roles = [...(user?.defaultRoles ?? [])];
  else if (tokens.accept("NONE")) session.roles = [];
  else if (tokens.accept("ALL")) {
    const except = tokens.accept("EXCEPT") ? checked(roleList(tokens)) : [];
    session.roles = granted.filter((role) => !except.includes(role));
  } else session.roles = checked(roleList(tokens));
  tokens.expectEnd();
  return ok();
}

/** After `SET DEFAULT ROLE`: `… TO user`. */
export async function setDefaultRole(tokens: Tokens, context: Context): Promise<Result> {
  const roles = parseDefaultRoles(tokens);
  tokens.expect("TO");
  const wanted = parseUser(tokens);
  tokens.expectEnd();
  if (wanted.name !== context.session.user) requireSystem(context, "GRANT");
  return context.cluster.change(async () => {
    const user = findUser(context, wanted);
    assignDefaultRoles(context, user, roles);
    context.cluster.accounts.touch(context.cluster.catalog, user);
    return ok();
  });
}

/** After `SHOW ROLES`. */
export async function showRoles(tokens: Tokens, context: Context): Promise<Result> {
  tokens.expectEnd();
  requireSystem(context, "GRANT");
  return listing(
    ["Name", "Builtin", "Comment"],
    context.cluster.accounts
      .roles()
      .map(({ name }) => ({ Name: name, Builtin: String(isBuiltinRole(name)), Comment: "" })),
  );
}

/** `GRANT r TO …` and `REVOKE r FROM …`, the names read. */
export function changeRoles(
  tokens: Tokens,
  context: Context,
  names: readonly string[],
  grant: boolean,
): Result {
  const toRole = tokens.accept("ROLE");
  if (!toRole) tokens.accept("USER");
  const user = toRole ? undefined : findUser(context, parseUser(tokens));
  const receiver =
    user ?? findRole(context, tokens.identifierOrString(), "Can not granted/revoke role to/from role");
  tokens.expectEnd();
  requireSystem(context, "GRANT");
  for (const name of names) {
    findRole(context, name, "Can not granted/revoke role to/from user");
    if (/^(?:root|cluster_admin)$/.test(name) && context.session.user !== "root")
      throw analysisError("Can not grant root or cluster_admin role except root user");
  }
  for (const name of names) {
    if (grant) receiver.roles = [...new Set([...receiver.roles, name])];
    else receiver.roles = receiver.roles.filter((role) => role !== name);
    if (user && !grant) user.defaultRoles = user.defaultRoles.filter((role) => role !== name);
  }
  context.cluster.accounts.touch(context.cluster.catalog, receiver);
  return ok();
}

export const shownRoles = (names: readonly string[], receiver: string): string =>
  `GRANT ${names.map((name) => `'${name}'`).join(", ")} TO ${receiver}`;
