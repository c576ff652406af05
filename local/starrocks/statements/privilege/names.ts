import { analysisError } from "../../basics/errors.ts";
import type { Context } from "../../engine/context.ts";
import { identity, type Role, type User } from "../../metadata/privileges.ts";
import type { Tokens } from "../../sql/tokens.ts";

export type UserName = Readonly<{ name: string; host: string }>;

/** `u`, `'u'@'%'`, `u@'10.%'`. */
export function parseUser(tokens: Tokens): UserName {
  const name = tokens.identifierOrString();
  const next = tokens.peek();
  // The lexer reads an unquoted host as a user variable.
  if (next.kind === "variable") {
    tokens.next();
    return { name, host: next.value.slice(1) };
  }
  if (!tokens.acceptOperator("@")) return { name, host: "%" };
  return { name, host: tokens.identifierOrString() };
}

export function findUser({ cluster }: Context, wanted: UserName): User {
  const user = cluster.accounts.user(wanted.name);
  if (user?.host !== wanted.host) throw analysisError(`cannot find user ${identity(wanted)}!`);
  return user;
}

export function findRole({ cluster }: Context, name: string, what: string): Role {
  const role = cluster.accounts.role(name);
  if (!role) throw analysisError(`${what}: cannot find role ${name}!`);
  return role;
}

export const roleList = (tokens: Tokens): string[] => tokens.list(() => tokens.identifierOrString());
