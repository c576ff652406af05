/** What a privilege is held on (starrocks.md §13); plurals are those of `ON ALL …`. */
export const plurals = {
  TABLE: "TABLES",
  DATABASE: "DATABASES",
  SYSTEM: "SYSTEM",
  VIEW: "VIEWS",
  "MATERIALIZED VIEW": "MATERIALIZED VIEWS",
  CATALOG: "CATALOGS",
} as const;

export type ObjectType = keyof typeof plurals;

/** Privileges there are on each kind of object, in the order SHOW GRANTS prints them. */
export const available: Readonly<Record<ObjectType, readonly string[]>> = {
  TABLE: ["DELETE", "DROP", "INSERT", "SELECT", "ALTER", "EXPORT", "UPDATE", "REFRESH"],
  DATABASE: [
    "CREATE TABLE",
    "DROP",
    "ALTER",
    "CREATE VIEW",
    "CREATE FUNCTION",
    "CREATE MATERIALIZED VIEW",
    "CREATE PIPE",
  ],
  SYSTEM: [
    "GRANT",
    "NODE",
    "CREATE RESOURCE",
    "PLUGIN",
    "FILE",
    "BLACKLIST",
    "OPERATE",
    "CREATE EXTERNAL CATALOG",
    "REPOSITORY",
    "CREATE RESOURCE GROUP",
    "CREATE GLOBAL FUNCTION",
    "CREATE STORAGE VOLUME",
    "SECURITY",
  ],
  VIEW: ["SELECT", "ALTER", "DROP"],
  "MATERIALIZED VIEW": ["ALTER", "REFRESH", "DROP", "SELECT"],
  CATALOG: ["USAGE", "CREATE DATABASE", "DROP", "ALTER"],
};

/** By id, so that a grant follows the object and not its name (§11); "all" matches every id. */
export type Target = Readonly<{ database: number | "all"; object: number | "all" }>;

/** Privileges that belong to no database: SYSTEM and CATALOG. */
export const everywhere: Target = { database: "all", object: "all" };

export type Grant = {
  readonly type: ObjectType;
  readonly target: Target;
  readonly withGrantOption: boolean;
  privileges: string[];
};

export type User = {
  readonly kind: "user";
  readonly id: number;
  readonly name: string;
  readonly host: string;
  /** SHA1(SHA1(password)) as hex, or empty: no password. */
  passwordHash: string;
  roles: string[];
  defaultRoles: string[];
  grants: Grant[];
};

export type Role = {
  readonly kind: "role";
  readonly id: number;
  readonly name: string;
  /** Roles granted to this role: their privileges are its own too. */
  roles: string[];
  grants: Grant[];
};

export type Account = User | Role;

export const identity = (user: Pick<User, "name" | "host">): string => `'${user.name}'@'${user.host}'`;

export const sameTarget = (a: Target, b: Target): boolean =>
  a.database === b.database && a.object === b.object;

export const covers = (grant: Grant, type: ObjectType, target: Target): boolean =>
  grant.type === type &&
  (grant.target.database === "all" || grant.target.database === target.database) &&
  (grant.target.object === "all" || grant.target.object === target.object);
