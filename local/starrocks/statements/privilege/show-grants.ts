import { type Cell, type Result, textRows } from "../../basics/result.ts";
import { requireSystem } from "../../engine/access.ts";
import type { Context } from "../../engine/context.ts";
import { type Account, available, type Grant, identity, plurals } from "../../metadata/privileges.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { findRole, findUser, parseUser } from "./names.ts";
import { shownRoles } from "./roles.ts";

/** The object as it is called now, or undefined when it is gone: such grants are not shown. */
function objectText({ cluster }: Context, { type, target }: Grant): string | undefined {
  if (type === "SYSTEM") return "SYSTEM";
  if (type === "CATALOG") return "CATALOG default_catalog";
  const database = target.database === "all" ? undefined : cluster.catalog.databaseById(target.database);
  if (target.database !== "all" && !database) return undefined;
  if (type === "DATABASE") return database ? `DATABASE ${database.name}` : "ALL DATABASES";
  if (!database) return `ALL ${plurals[type]} IN ALL DATABASES`;
  if (target.object === "all") return `ALL ${plurals[type]} IN DATABASE ${database.name}`;
  const relation = cluster.catalog.relationById(target.object);
  return relation && `${type} ${database.name}.${relation.name}`;
}

function grantRow(context: Context, account: Account, grant: Grant): Cell[] | undefined {
  const object = objectText(context, grant);
  if (object === undefined) return undefined;
  const receiver = account.kind === "user" ? `USER ${identity(account)}` : `ROLE '${account.name}'`;
  const privileges = available[grant.type].filter((one) => grant.privileges.includes(one)).join(", ");
  const option = grant.withGrantOption ? " WITH GRANT OPTION" : "";
  const who = account.kind === "user" ? identity(account) : account.name;
  return [who, "default_catalog", `GRANT ${privileges} ON ${object} TO ${receiver}${option}`];
}

/** After `SHOW GRANTS`: `[FOR user | FOR ROLE r]`; objects by their present names (§11). */
export async function showGrants(tokens: Tokens, context: Context): Promise<Result> {
  const account = parseAccount(tokens, context);
  tokens.expectEnd();
  if (!isOwn(account, context)) requireSystem(context, "GRANT");
  const who = account.kind === "user" ? identity(account) : account.name;
  const receiver = account.kind === "user" ? who : `ROLE ${account.name}`;
  const roles = account.roles.length > 0 ? [[who, null, shownRoles(account.roles, receiver)]] : [];
  const grants = account.grants.flatMap((grant) => {
    const row = grantRow(context, account, grant);
    return row ? [row] : [];
  });
  // The head is the same for roles (an FE of 4.1 was asked).
  return textRows(["UserIdentity", "Catalog", "Grants"], [...roles, ...grants]);
}

/** The user itself and the roles it has, by other roles too, active or not; not `public` (an FE of 4.1 was asked). */
function isOwn(account: Account, { cluster, session }: Context): boolean {
  if (account.kind === "user") return account.name === session.user;
  const held = cluster.accounts.user(session.user)?.roles ?? [];
  return cluster.accounts.closure(held).some(({ name }) => name === account.name);
}

function parseAccount(tokens: Tokens, context: Context): Account {
  if (!tokens.accept("FOR")) return findUser(context, { name: context.session.user, host: "%" });
  if (tokens.accept("ROLE")) {
    const role = tokens.identifierOrString();
    return findRole(context, role, `There is no such grant defined for role ${role}`);
  }
  tokens.accept("USER");
  return findUser(context, parseUser(tokens));
}
