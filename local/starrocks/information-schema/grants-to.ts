import { objectType } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import type { Relation } from "../metadata/model.ts";
import { type Account, available, type Grant, identity } from "../metadata/privileges.ts";
import { declareTable, type RowOf } from "./virtual-table.ts";

const columns = {
  GRANTEE: "VARCHAR(2048)",
  OBJECT_CATALOG: "VARCHAR(2048)",
  OBJECT_DATABASE: "VARCHAR(2048)",
  OBJECT_NAME: "VARCHAR(2048)",
  OBJECT_TYPE: "VARCHAR(2048)",
  PRIVILEGE_TYPE: "VARCHAR(2048)",
  IS_GRANTABLE: "VARCHAR(2048)",
} as const;

type GrantRow = RowOf<typeof columns>;

/** An object of a grant: its catalog, database and name, as far as it has them. */
type Shown = readonly [catalog: string | null, database: string | null, name: string | null];

const catalog = "default_catalog";

/** Built-in roles that cannot be changed are left out, and so is root (§13). */
const leftOut: ReadonlySet<string> = new Set([
  "root",
  "db_admin",
  "cluster_admin",
  "user_admin",
  "security_admin",
]);

export const grantsToUsersView = declareTable(columns, (context) =>
  context.cluster.accounts
    .users()
    .filter(({ name }) => !leftOut.has(name))
    .flatMap((user) => rowsOf(user, identity(user), context)),
);

export const grantsToRolesView = declareTable(columns, (context) =>
  context.cluster.accounts
    .roles()
    .filter(({ name }) => !leftOut.has(name))
    .flatMap((role) => rowsOf(role, role.name, context)),
);

/** A grant on all objects is shown as one on each of them, and equal rows are shown once (§13). */
function rowsOf({ grants }: Account, grantee: string, context: Context): GrantRow[] {
  const rows = grants.flatMap((grant) =>
    objectsOf(grant, context).map(([objectCatalog, database, name]) => ({
      GRANTEE: grantee,
      OBJECT_CATALOG: objectCatalog,
      OBJECT_DATABASE: database,
      OBJECT_NAME: name,
      OBJECT_TYPE: grant.type,
      PRIVILEGE_TYPE: available[grant.type].filter((one) => grant.privileges.includes(one)).join(", "),
      IS_GRANTABLE: grant.withGrantOption ? "YES" : "NO",
    })),
  );
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

function objectsOf(grant: Grant, context: Context): readonly Shown[] {
  const { type, target } = grant;
  if (type === "SYSTEM") return [[null, null, null]];
  if (type === "CATALOG") return [[catalog, null, null]];
  const databases = context.cluster.catalog
    .databases()
    .filter(({ id }) => target.database === "all" || target.database === id);
  if (type === "DATABASE") return databases.map(({ name }) => [catalog, name, null]);
  return databases.flatMap((database) =>
    context.cluster.catalog
      .relations(database)
      .filter((relation) => isMeant(grant, relation))
      .map(({ name }): Shown => [catalog, database.name, name]),
  );
}

const isMeant = ({ type, target }: Grant, relation: Relation): boolean =>
  objectType(relation) === type && (target.object === "all" || target.object === relation.id);
