import { analysisError, noDatabase, unsupported } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { accessDenied, maySystem, objectType } from "../../engine/access.ts";
import { type Context, requireDatabase } from "../../engine/context.ts";
import {
  type Account,
  available,
  covers,
  everywhere,
  type Grant,
  type ObjectType,
  plurals,
  sameTarget,
  type Target,
} from "../../metadata/privileges.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { findRole, findUser, parseUser } from "./names.ts";
import { changeRoles } from "./roles.ts";

const privilegeNames = [...new Set(Object.values(available).flat())].sort((a, b) => b.length - a.length);

/** Known privileges, or undefined: then it is a list of roles. */
function parsePrivileges(tokens: Tokens): string[] | undefined {
  const start = tokens.position;
  const names: string[] = [];
  do {
    if (tokens.accept("ALL")) {
      tokens.accept("PRIVILEGES");
      names.push("ALL");
      continue;
    }
    const name = privilegeNames.find((one) => tokens.accept(...one.split(" ")));
    if (name === undefined) {
      tokens.rewind(start);
      return undefined;
    }
    names.push(name);
  } while (tokens.acceptOperator(","));
  return names;
}

type Objects = Readonly<{ type: ObjectType; targets: readonly Target[] }>;

const types = Object.keys(plurals) as ObjectType[];

/** After `ON`. */
function parseObjects(tokens: Tokens, context: Context): Objects {
  if (tokens.accept("SYSTEM")) return { type: "SYSTEM", targets: [everywhere] };
  if (tokens.accept("ALL")) return parseAll(tokens, context);
  const type = types.find((one) => tokens.accept(...one.split(" "))) ?? "TABLE";
  return { type, targets: tokens.list(() => parseTarget(tokens, context, type)) };
}

/** `ALL TABLES IN DATABASE d`, `ALL TABLES IN ALL DATABASES`, `ALL DATABASES`, `ALL CATALOGS`. */
function parseAll(tokens: Tokens, context: Context): Objects {
  const type = types.find((one) => tokens.accept(...plurals[one].split(" ")));
  if (!type) throw unsupported(`GRANT ON ALL ${tokens.peek().text}`);
  if (!tokens.accept("IN")) return { type, targets: [everywhere] };
  if (tokens.accept("ALL", "DATABASES")) return { type, targets: [everywhere] };
  tokens.expect("DATABASE");
  const database = requireDatabase(context, tokens.identifierOrString());
  return { type, targets: [{ database: database.id, object: "all" }] };
}

function namePart(tokens: Tokens): string {
  return tokens.acceptOperator("*") ? "*" : tokens.identifierOrString();
}

function parseTarget(tokens: Tokens, context: Context, type: ObjectType): Target {
  const parts = [namePart(tokens)];
  while (tokens.acceptOperator(".")) parts.push(namePart(tokens));
  if (type === "CATALOG") return everywhere;
  if (type === "DATABASE") {
    const name = parts.at(-1) ?? "";
    return name === "*" ? everywhere : { database: requireDatabase(context, name).id, object: "all" };
  }
  const name = parts.at(-1) ?? "";
  const databaseName = parts.length > 1 ? parts.at(-2) : context.session.database;
  if (databaseName === undefined) throw noDatabase();
  if (databaseName === "*") return everywhere;
  if (databaseName === "sys") throw unsupported("A grant on a view of sys");
  const database = requireDatabase(context, databaseName);
  if (name === "*") return { database: database.id, object: "all" };
  const relation = context.cluster.catalog.relation(database, name);
  if (!relation || objectType(relation) !== type)
    throw analysisError(`cannot find ${type.toLowerCase()} ${name} in db ${database.name}`);
  return { database: database.id, object: relation.id };
}

function parseReceiver(tokens: Tokens, context: Context): Account {
  if (tokens.accept("ROLE"))
    return findRole(context, tokens.identifierOrString(), "Can not grant/revoke to role");
  tokens.accept("USER");
  return findUser(context, parseUser(tokens));
}

function expand(type: ObjectType, privileges: readonly string[]): string[] {
  return privileges.flatMap((privilege) => {
    if (privilege === "ALL") return [...available[type]];
    if (!available[type].includes(privilege))
      throw analysisError(`Cannot grant or revoke ${privilege} on '${type}' type object`);
    return [privilege];
  });
}

/** NODE reaches users through the role cluster_admin only (§13). */
function checkGrantable(type: ObjectType, privileges: readonly string[]): void {
  if (type === "SYSTEM" && privileges.includes("NODE"))
    throw analysisError(
      "Operation not permitted, 'NODE' cannot be granted to user or role directly, use built-in role instead",
    );
}

/** GRANT on SYSTEM, or the privileges themselves WITH GRANT OPTION. */
function checkMayGrant(context: Context, { type, targets }: Objects, privileges: readonly string[]): void {
  if (maySystem(context, "GRANT")) return;
  const own = context.cluster.accounts.user(context.session.user)?.grants ?? [];
  const held = targets.every((target) =>
    privileges.every((privilege) =>
      own.some(
        (grant) =>
          grant.withGrantOption && covers(grant, type, target) && grant.privileges.includes(privilege),
      ),
    ),
  );
  if (!held) throw accessDenied(context, "GRANT", "SYSTEM");
}

/** After `GRANT` or `REVOKE`. */
export async function grantOrRevoke(tokens: Tokens, context: Context, grant: boolean): Promise<Result> {
  const { cluster } = context;
  const preposition = grant ? "TO" : "FROM";
  const privileges = parsePrivileges(tokens);
  if (!privileges || tokens.isWord(preposition)) {
    const names = tokens.list(() => tokens.identifierOrString());
    tokens.expect(preposition);
    return cluster.change(async () => changeRoles(tokens, context, names, grant));
  }
  tokens.expect("ON");
  return cluster.change(async () => {
    const objects = parseObjects(tokens, context);
    tokens.expect(preposition);
    const receiver = parseReceiver(tokens, context);
    const withGrantOption = grant && tokens.accept("WITH", "GRANT", "OPTION");
    tokens.expectEnd();
    const expanded = expand(objects.type, privileges);
    checkGrantable(objects.type, expanded);
    checkMayGrant(context, objects, expanded);
    for (const target of objects.targets) {
      if (grant) add(receiver.grants, { type: objects.type, target, withGrantOption, privileges: expanded });
      else receiver.grants = without(receiver.grants, objects.type, target, expanded);
    }
    cluster.accounts.touch(cluster.catalog, receiver);
    return ok();
  });
}

function add(grants: Grant[], fresh: Grant): void {
  const same = grants.find(
    (one) =>
      one.type === fresh.type &&
      sameTarget(one.target, fresh.target) &&
      one.withGrantOption === fresh.withGrantOption,
  );
  if (same) same.privileges = [...new Set([...same.privileges, ...fresh.privileges])];
  else grants.push({ ...fresh, privileges: [...fresh.privileges] });
}

const without = (
  grants: readonly Grant[],
  type: ObjectType,
  target: Target,
  privileges: readonly string[],
): Grant[] =>
  grants
    .map((one) =>
      one.type === type && sameTarget(one.target, target)
        ? { ...one, privileges: one.privileges.filter((privilege) => !privileges.includes(privilege)) }
        : one,
    )
    .filter((one) => one.privileges.length > 0);
