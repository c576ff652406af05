import { analysisError, unsupported } from "../../basics/errors.ts";
import { listing, ok, type Result } from "../../basics/result.ts";
import { requireSystem } from "../../engine/access.ts";
import type { Context } from "../../engine/context.ts";
import { identity, type User } from "../../metadata/privileges.ts";
import { passwordHash } from "../../protocol/handshake.ts";
import { parseProperties } from "../../sql/create-table.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { findRole, findUser, parseUser, roleList } from "./names.ts";

/** `IDENTIFIED BY [PASSWORD] 'x'` or `IDENTIFIED WITH mysql_native_password [BY 'x' | AS '*HASH']`; undefined: none given. */
function parsePassword(tokens: Tokens): string | undefined {
  if (!tokens.accept("IDENTIFIED")) return undefined;
  if (tokens.accept("BY"))
    return tokens.accept("PASSWORD") ? givenHash(tokens.string()) : passwordHash(tokens.string());
  tokens.expect("WITH");
  const plugin = tokens.identifierOrString();
  if (plugin.toLowerCase() !== "mysql_native_password") throw unsupported(`Authentication plugin ${plugin}`);
  if (tokens.accept("BY")) return passwordHash(tokens.string());
  return tokens.accept("AS") ? givenHash(tokens.string()) : "";
}

function givenHash(text: string): string {
  if (text === "") return "";
  if (!/^\*[0-9a-f]{40}$/i.test(text))
    throw analysisError("Password hash should be a 41-digit hexadecimal number", 5201);
  return text.slice(1).toLowerCase();
}

/** After `CREATE USER`. */
export async function createUser(tokens: Tokens, context: Context): Promise<Result> {
  const ifNotExists = tokens.accept("IF", "NOT", "EXISTS");
  const { name, host } = parseUser(tokens);
  const hash = parsePassword(tokens) ?? "";
  const roles = tokens.accept("DEFAULT", "ROLE") ? roleList(tokens) : [];
  if (tokens.accept("PROPERTIES")) parseProperties(tokens);
  tokens.expectEnd();
  requireSystem(context, "GRANT");
  const { cluster } = context;
  return cluster.change(async () => {
    if (cluster.accounts.user(name)) {
      if (ifNotExists) return ok();
      throw analysisError(`user ${identity({ name, host })} already exists!`);
    }
    for (const role of roles) findRole(context, role, "Can not granted/revoke role to/from user");
    const user: User = {
      kind: "user",
      id: cluster.catalog.newId(),
      name,
      host,
      passwordHash: hash,
      roles,
      defaultRoles: [...roles],
      grants: [],
    };
    cluster.accounts.put(user);
    cluster.accounts.touch(cluster.catalog, user);
    return ok();
  });
}

/** After `ALTER USER`. */
export async function alterUser(tokens: Tokens, context: Context): Promise<Result> {
  const ifExists = tokens.accept("IF", "EXISTS");
  const wanted = parseUser(tokens);
  const hash = parsePassword(tokens);
  const roles =
    hash === undefined && tokens.accept("DEFAULT", "ROLE") ? parseDefaultRoles(tokens) : undefined;
  if (hash === undefined && roles === undefined) throw tokens.unexpected("IDENTIFIED");
  tokens.expectEnd();
  if (wanted.name !== context.session.user) requireSystem(context, "GRANT");
  const { cluster } = context;
  return cluster.change(async () => {
    if (ifExists && !cluster.accounts.user(wanted.name)) return ok();
    const user = findUser(context, wanted);
    cluster.accounts.touch(cluster.catalog, user);
    if (hash !== undefined) user.passwordHash = hash;
    if (roles) assignDefaultRoles(context, user, roles);
    return ok();
  });
}

export type DefaultRoles = "ALL" | readonly string[];

export function parseDefaultRoles(tokens: Tokens): DefaultRoles {
  if (tokens.accept("ALL")) return "ALL";
  return tokens.accept("NONE") ? [] : roleList(tokens);
}

export function assignDefaultRoles(context: Context, user: User, roles: DefaultRoles): void {
  if (roles === "ALL") {
    user.defaultRoles = [...user.roles];
    return;
  }
  for (const role of roles) {
    findRole(context, role, "Cannot set role");
    if (!user.roles.includes(role)) throw analysisError(`Role ${role} is not granted to ${identity(user)}`);
  }
  user.defaultRoles = [...roles];
}

/** After `DROP USER`. */
export async function dropUser(tokens: Tokens, context: Context): Promise<Result> {
  const ifExists = tokens.accept("IF", "EXISTS");
  const wanted = parseUser(tokens);
  tokens.expectEnd();
  requireSystem(context, "GRANT");
  const { cluster } = context;
  return cluster.change(async () => {
    if (wanted.name === "root")
      throw analysisError(
        `Operation DROP USER failed for ${identity(wanted)} : cannot drop user ${identity(wanted)}`,
      );
    if (ifExists && !cluster.accounts.user(wanted.name)) return ok();
    const user = findUser(context, wanted);
    cluster.accounts.remove(user);
    cluster.accounts.touch(cluster.catalog, user);
    return ok();
  });
}

/** After `SHOW USERS`. */
export async function showUsers(tokens: Tokens, context: Context): Promise<Result> {
  tokens.expectEnd();
  requireSystem(context, "GRANT");
  return listing(
    ["User"],
    context.cluster.accounts.users().map((user) => ({ User: identity(user) })),
  );
}
