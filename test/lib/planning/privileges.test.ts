import { expect, test } from "vitest";
import { heldPrivileges, missingPrivileges } from "../../../lib/planning/privileges/missing.ts";
import { neededByBackup } from "../../../lib/planning/privileges/needed.ts";
import { grantStatement, type Needed } from "../../../lib/starrocks/statements/grant.ts";

/** As a real FE prints them. */
const shown = {
  user: "'gme'@'%'",
  statements: [
    "GRANT DROP, INSERT, SELECT, ALTER ON ALL TABLES IN DATABASE shop TO USER 'gme'@'%'",
    "GRANT EXPORT ON TABLE shop.or.ders TO USER 'gme'@'%' WITH GRANT OPTION",
    "GRANT CREATE TABLE ON DATABASE shop TO USER 'gme'@'%'",
    "GRANT REPOSITORY ON SYSTEM TO USER 'gme'@'%'",
    "GRANT SELECT ON ALL VIEWS IN ALL DATABASES TO USER 'gme'@'%'",
  ],
};

const missing = (...needed: readonly Needed[]) =>
  missingPrivileges(needed, heldPrivileges(shown)).map((each) => grantStatement(each, shown.user));

test("what is held is not missing", () => {
  expect(
    missing(
      { privileges: ["repository"], on: { kind: "system" } },
      { privileges: ["create-table"], on: { kind: "database", database: "shop" } },
      { privileges: ["select", "insert", "alter", "drop"], on: { kind: "new-tables", database: "shop" } },
      { privileges: ["export", "select"], on: { kind: "tables", database: "shop", tables: ["or.ders"] } },
    ),
  ).toEqual([]);
});

test("what is missing is said as the statement that gives it", () => {
  expect(
    missing(
      { privileges: ["export"], on: { kind: "tables", database: "shop", tables: ["x`y"] } },
      { privileges: ["select", "export"], on: { kind: "tables", database: "shop", tables: ["a", "b"] } },
      { privileges: ["create-table"], on: { kind: "new-database" } },
      { privileges: ["create-database"], on: { kind: "catalog" } },
      { privileges: ["alter"], on: { kind: "new-tables", database: "other" } },
      { privileges: ["select"], on: { kind: "new-tables-anywhere" } },
    ),
  ).toEqual([
    "GRANT EXPORT ON TABLE `shop`.`x``y` TO USER 'gme'@'%'",
    "GRANT EXPORT ON ALL TABLES IN DATABASE `shop` TO USER 'gme'@'%'",
    "GRANT CREATE TABLE ON ALL DATABASES TO USER 'gme'@'%'",
    "GRANT CREATE DATABASE ON CATALOG default_catalog TO USER 'gme'@'%'",
    "GRANT ALTER ON ALL TABLES IN DATABASE `other` TO USER 'gme'@'%'",
    "GRANT SELECT ON ALL TABLES IN ALL DATABASES TO USER 'gme'@'%'",
  ]);
});

test("the catalog may be granted table by table", () => {
  const statements = ["a", "b"].map(
    (table) => `GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE ops.${table} TO USER 'x'@'%'`,
  );
  const held = heldPrivileges({ user: "'x'@'%'", statements });
  const of = (tables: readonly string[]) =>
    missingPrivileges(neededByBackup({ database: "ops", tables }), held).map((each) => each.on.kind);
  expect(of(["a", "b"])).toEqual(["system"]);
  expect(of(["a", "b", "c"])).toEqual(["system", "tables"]);
});

test("roles are only named", () => {
  const { roles, on } = heldPrivileges({
    user: "'x'@'%'",
    statements: ["GRANT 'r one', 'db_admin' TO 'x'@'%'"],
  });
  expect(roles).toEqual(["r one", "db_admin"]);
  expect(on.size).toBe(0);
});

test("a role without quotes, and what cannot be read, may give anything", () => {
  const roles = (statement: string) => heldPrivileges({ user: "'x'@'%'", statements: [statement] }).roles;
  expect(roles("GRANT db_admin, 'two' TO 'x'@'%'")).toEqual(["db_admin", "two"]);
  expect(roles("IMPERSONATE whoever")).toEqual(["IMPERSONATE whoever"]);
});

test("a grant on all catalogs is one on this one", () => {
  const held = heldPrivileges({
    user: "'x'@'%'",
    statements: ["GRANT CREATE DATABASE ON ALL CATALOGS TO USER 'x'@'%'"],
  });
  expect(missingPrivileges([{ privileges: ["create-database"], on: { kind: "catalog" } }], held)).toEqual([]);
});
