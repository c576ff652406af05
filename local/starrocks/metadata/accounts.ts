import { passwordHash } from "../protocol/handshake.ts";
import type { Catalog } from "./catalog.ts";
import { type Account, available, everywhere, type ObjectType, type Role, type User } from "./privileges.ts";

const all = (type: ObjectType, privileges: readonly string[] = available[type]) => ({
  type,
  target: everywhere,
  withGrantOption: false,
  privileges: [...privileges],
});

/** Built-in roles; `root` is recognised by name and may do everything. */
const builtinRoles: readonly Role[] = [
  { kind: "role", id: -1, name: "root", roles: [], grants: [] },
  {
    kind: "role",
    id: -2,
    name: "db_admin",
    roles: [],
    grants: [
      all(
        "SYSTEM",
        available.SYSTEM.filter((one) => !["GRANT", "NODE", "OPERATE", "SECURITY"].includes(one)),
      ),
      ...(["CATALOG", "DATABASE", "TABLE", "VIEW", "MATERIALIZED VIEW"] as const).map((type) => all(type)),
    ],
  },
  { kind: "role", id: -3, name: "cluster_admin", roles: [], grants: [all("SYSTEM", ["NODE"])] },
  { kind: "role", id: -4, name: "user_admin", roles: [], grants: [all("SYSTEM", ["GRANT"])] },
  { kind: "role", id: -5, name: "public", roles: [], grants: [] },
  {
    kind: "role",
    id: -6,
    name: "security_admin",
    roles: [],
    grants: [all("SYSTEM", ["SECURITY", "OPERATE"])],
  },
];

const rootUser = (password: string): User => ({
  kind: "user",
  id: -100,
  name: "root",
  host: "%",
  passwordHash: passwordHash(password),
  roles: ["root"],
  defaultRoles: ["root"],
  grants: [],
});

/** Users and roles of the cluster. */
export class Accounts {
  readonly #users = new Map<string, User>();
  readonly #roles = new Map<string, Role>();

  constructor(rootPassword: string) {
    this.put(rootUser(rootPassword));
    for (const role of builtinRoles) this.put(structuredClone(role));
  }

  put(account: Account): void {
    if (account.kind === "user") this.#users.set(account.name, account);
    else this.#roles.set(account.name, account);
  }

  remove(account: Account): void {
    if (account.kind === "user") this.#users.delete(account.name);
    else this.#roles.delete(account.name);
  }

  user(name: string): User | undefined {
    return this.#users.get(name);
  }

  role(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  users(): User[] {
    return [...this.#users.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  roles(): Role[] {
    return [...this.#roles.values()];
  }

  byId(id: number): Account | undefined {
    return [...this.#users.values(), ...this.#roles.values()].find((one) => one.id === id);
  }

  /** A role and all roles granted to it. */
  closure(names: readonly string[]): Role[] {
    const found = new Map<string, Role>();
    const visit = (name: string): void => {
      const role = this.#roles.get(name);
      if (!role || found.has(name)) return;
      found.set(name, role);
      for (const inner of role.roles) visit(inner);
    };
    for (const name of names) visit(name);
    return [...found.values()];
  }

  /** Built-in accounts live in code, the others in the store. */
  touch(catalog: Catalog, account: Account): void {
    catalog.touch("account", account.id);
  }
}

export const isBuiltinRole = (name: string): boolean => builtinRoles.some((role) => role.name === name);
