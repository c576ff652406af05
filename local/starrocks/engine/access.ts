import { SqlError } from "../basics/errors.ts";
import type { Database, Relation } from "../metadata/model.ts";
import { covers, everywhere, type Grant, type ObjectType, type Target } from "../metadata/privileges.ts";
import type { Context } from "./context.ts";

/** Whatever privilege: enough to see an object. */
const any = "ANY";

export function objectType(relation: Relation): ObjectType {
  if (relation.kind === "view") return "VIEW";
  return relation.engine === "MATERIALIZED_VIEW" ? "MATERIALIZED VIEW" : "TABLE";
}

/** Of the user and of the roles active in the session. */
function grants({ cluster, session }: Context): Grant[] {
  const own = cluster.accounts.user(session.user)?.grants ?? [];
  return [...own, ...cluster.accounts.closure(session.roles).flatMap((role) => role.grants)];
}

const isRoot = ({ session }: Context): boolean => session.roles.includes("root");

function allowed(context: Context, type: ObjectType, target: Target, privilege: string): boolean {
  if (isRoot(context)) return true;
  return grants(context).some(
    (grant) => covers(grant, type, target) && (privilege === any || grant.privileges.includes(privilege)),
  );
}

const list = (roles: readonly string[]): string => (roles.length === 0 ? "NONE" : `[${roles.join(", ")}]`);

/** §13: one text for all refusals. */
export function accessDenied(
  { cluster, session }: Context,
  privilege: string,
  type: string,
  name?: string,
): SqlError {
  const inactive = (cluster.accounts.user(session.user)?.roles ?? []).filter(
    (role) => !session.roles.includes(role),
  );
  return new SqlError(
    `Access denied; you need (at least one of) the ${privilege} privilege(s) on ${type}${name === undefined ? "" : ` ${name}`} for this operation. ` +
      "Please ask the admin to grant permission(s) or try activating existing roles using <set [default] role>. " +
      `Current role(s): ${list(session.roles)}. Inactivated role(s): ${list(inactive)}.`,
    5203,
    "42000",
  );
}

const targetOf = (relation: Relation): Target => ({ database: relation.dbId, object: relation.id });

export const may = (context: Context, relation: Relation, privilege: string): boolean =>
  allowed(context, objectType(relation), targetOf(relation), privilege);

export function requireOn(context: Context, relation: Relation, privilege: string): void {
  if (!may(context, relation, privilege))
    throw accessDenied(context, privilege, objectType(relation), relation.name);
}

/** Objects without any privilege are missing from every listing, silently. */
export const isVisible = (context: Context, relation: Relation): boolean => may(context, relation, any);

export const visibleRelations = (context: Context, database: Database): Relation[] =>
  context.cluster.catalog.relations(database).filter((relation) => isVisible(context, relation));

export function requireAny(context: Context, relation: Relation): void {
  requireOn(context, relation, any);
}

const ofDatabase = (database: Database): Target => ({ database: database.id, object: "all" });

export function requireOnDatabase(context: Context, database: Database, privilege: string): void {
  if (!allowed(context, "DATABASE", ofDatabase(database), privilege))
    throw accessDenied(context, privilege, "DATABASE", database.name);
}

/** A privilege on the database or on anything in it. */
export function isDatabaseVisible(context: Context, database: Database): boolean {
  if (allowed(context, "DATABASE", ofDatabase(database), any)) return true;
  return grants(context).some(
    (grant) =>
      (grant.type === "TABLE" || grant.type === "VIEW" || grant.type === "MATERIALIZED VIEW") &&
      (grant.target.database === "all" || grant.target.database === database.id),
  );
}

export const systemDatabases = ["_statistics_", "information_schema", "sys"];

/** Of the views of `sys`: only grants on all tables of all databases reach it here (§13). */
export function requireInSys(context: Context, view: string): void {
  const isAllowed = grants(context).some(
    (grant) =>
      grant.type === "TABLE" && grant.target.database === "all" && grant.privileges.includes("SELECT"),
  );
  if (!isRoot(context) && !isAllowed) throw accessDenied(context, "SELECT", "TABLE", view);
}

/** Those the user has any privilege on or in; everybody sees information_schema (§13). */
export function databaseNames(context: Context): string[] {
  const visible = context.cluster.catalog.databases().filter((one) => isDatabaseVisible(context, one));
  const system = isRoot(context) ? systemDatabases : ["information_schema"];
  return [...visible.map((database) => database.name), ...system].sort();
}

export function requireInDatabase(context: Context, database: Database): void {
  if (!isDatabaseVisible(context, database)) throw accessDenied(context, any, "DATABASE", database.name);
}

export function requireOnCatalog(context: Context, privilege: string): void {
  if (!allowed(context, "CATALOG", everywhere, privilege))
    throw accessDenied(context, privilege, "CATALOG", "default_catalog");
}

export const maySystem = (context: Context, privilege: string): boolean =>
  allowed(context, "SYSTEM", everywhere, privilege);

/** One of them is enough. */
export function requireSystem(context: Context, ...privileges: readonly string[]): void {
  if (!privileges.some((privilege) => maySystem(context, privilege)))
    throw accessDenied(context, privileges.join(" OR "), "SYSTEM");
}
