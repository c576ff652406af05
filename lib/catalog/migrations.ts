import { setTimeout as sleep } from "node:timers/promises";
import { BackupError } from "../errors.ts";
import { readColumns } from "../starrocks/observe/tables.ts";
import { name } from "../starrocks/quote.ts";
import { count } from "../starrocks/row.ts";
import { at, type Catalog } from "./catalog.ts";
import { addColumnsStatement, createTableStatement } from "./create-table.ts";
import { insertStatement, now } from "./insert.ts";
import { type CatalogTable, catalogTables } from "./tables.ts";

/** A forward-only step of the catalog's form. Every step can be run again after it was cut short. */
interface Migration {
  readonly version: number;
  readonly description: string;
  readonly apply: (catalog: Catalog, replicationNum: number) => Promise<void>;
}

const migrations: readonly Migration[] = [
  {
    version: 1,
    description: "create the catalog, or complete the tables that starrocks-br made",
    apply: createOrComplete,
  },
  {
    version: 2,
    description: "runs know their job in Windmill, their last sign of life and what they wait for",
    async apply(catalog, replicationNum) {
      await createOrComplete(catalog, replicationNum);
      // What is open has not been silent: nothing has listened until now.
      await catalog.session.execute(
        `UPDATE ${at(catalog, "runs")} SET heartbeat_at = now()
         WHERE state IN ('PLANNED', 'RUNNING') AND heartbeat_at IS NULL`,
        "give a sign of life of the open runs",
      );
    },
  },
];

/** The catalog version that this code reads and writes. */
export const catalogVersion = Math.max(...migrations.map((migration) => migration.version));

/**
 * Brings the catalog to {@link catalogVersion}; may be run at any time, twice at once included.
 *
 * @returns the versions that were applied now; empty when the catalog was up to date.
 */
export async function migrate(catalog: Catalog, replicationNum: number): Promise<readonly number[]> {
  const { session } = catalog;
  await session.execute(
    `CREATE DATABASE IF NOT EXISTS ${name(catalog.database)}`,
    "create the catalog's database",
  );
  await createTables(catalog, replicationNum, (table) => table === "schema_migrations");
  const applied = await appliedVersions(catalog);
  const pending = migrations.filter((migration) => !applied.has(migration.version));
  for (const migration of pending) {
    await migration.apply(catalog, replicationNum);
    await recordMigration(catalog, migration);
  }
  return pending.map((migration) => migration.version);
}

async function appliedVersions(catalog: Catalog): Promise<ReadonlySet<number>> {
  const rows = await catalog.session.query(
    `SELECT version FROM ${at(catalog, "schema_migrations")}`,
    "read the catalog's version",
  );
  return new Set(rows.map((row) => count(row, "version")));
}

async function recordMigration(catalog: Catalog, migration: Migration): Promise<void> {
  const { version, description } = migration;
  const row = { version, description, applied_at: now };
  await catalog.session.execute(
    insertStatement(catalog, "schema_migrations", [row]),
    "record the catalog's version",
  );
}

async function createOrComplete(catalog: Catalog, replicationNum: number): Promise<void> {
  await createTables(catalog, replicationNum, () => true);
  for (const { table, missing } of await incompleteTables(catalog)) {
    await catalog.session.execute(
      addColumnsStatement(catalog.database, table, missing),
      `add columns to ${catalog.database}.${table.name}`,
    );
  }
  await untilComplete(catalog);
}

/** Where a schema change is not a matter of metadata alone, its columns can be used only when it has ended. */
async function untilComplete(catalog: Catalog): Promise<void> {
  for (let look = 0; look < mostLooks; look++) {
    if ((await incompleteTables(catalog)).length === 0) return;
    await sleep(pauseMs);
  }
  throw new BackupError({
    code: "CATALOG_CHANGING",
    message: `StarRocks is still adding columns to the tables of ${catalog.database}.`,
    next: "Run the init script again in a few minutes.",
    retriable: true,
  });
}

const pauseMs = 500;
const mostLooks = 120;

/** Tables that lack columns of the newest form. */
async function incompleteTables(
  catalog: Catalog,
): Promise<readonly { readonly table: CatalogTable; readonly missing: readonly string[] }[]> {
  const present = await readColumns(catalog.session, [{ database: catalog.database, tables: undefined }]);
  return catalogTables.flatMap((table) => {
    const existing = new Set(
      present.filter((column) => column.table === table.name).map((column) => column.column),
    );
    const missing = table.columns.map((column) => column.name).filter((column) => !existing.has(column));
    return missing.length === 0 ? [] : [{ table, missing }];
  });
}

async function createTables(
  catalog: Catalog,
  replicationNum: number,
  wanted: (table: string) => boolean,
): Promise<void> {
  for (const table of catalogTables.filter((candidate) => wanted(candidate.name))) {
    await catalog.session.execute(
      createTableStatement(catalog.database, table, replicationNum),
      `create ${catalog.database}.${table.name}`,
    );
  }
}
