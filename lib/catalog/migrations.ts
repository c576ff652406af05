import { BackupError } from "../errors.ts";
import { type Looks, lookUntil } from "../look-until.ts";
import { readColumns } from "../starrocks/observe/tables.ts";
import { name } from "../starrocks/quote.ts";
import type { Catalog } from "./catalog.ts";
import { openStates } from "./runs.ts";
import { type Column, now } from "./sql/column.ts";
import { addColumnsStatement, createTableStatement, missingColumns } from "./sql/create.ts";
import { select } from "./sql/read.ts";
import type { Table } from "./sql/table.ts";
import { insertStatement, updateStatement } from "./sql/write.ts";
import { catalogTables } from "./tables/all.ts";
import { runs } from "./tables/runs.ts";
import { schemaMigrations } from "./tables/schema-migrations.ts";

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
        updateStatement(catalog, runs, { heartbeatAt: now }, { state: openStates, heartbeatAt: null }),
        "give a sign of life of the open runs",
      );
    },
  },
  {
    version: 3,
    description: "restores know the partition schedules they switched off",
    apply: createOrComplete,
  },
  {
    version: 4,
    description: "manifests know the ranges and values of partitions, restores the partitions they replace",
    apply: createOrComplete,
  },
  {
    version: 5,
    description: "restores know what they have made live and what they keep, and until when",
    apply: createOrComplete,
  },
  {
    version: 6,
    description: "restores know who has undone them",
    apply: createOrComplete,
  },
  {
    version: 7,
    description:
      "manifests know how tables were defined, runs when they were approved and what they download",
    apply: createOrComplete,
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
  await createTables(catalog, replicationNum, [schemaMigrations]);
  const applied = await appliedVersions(catalog);
  const pending = migrations.filter((migration) => !applied.has(migration.version));
  for (const migration of pending) {
    await migration.apply(catalog, replicationNum);
    await recordMigration(catalog, migration);
  }
  return pending.map((migration) => migration.version);
}

async function appliedVersions(catalog: Catalog): Promise<ReadonlySet<number>> {
  const rows = await select(
    catalog,
    { from: schemaMigrations, fields: ["version"] },
    "read the catalog's version",
  );
  return new Set(rows.map((row) => row.version));
}

async function recordMigration(catalog: Catalog, migration: Migration): Promise<void> {
  const { version, description } = migration;
  const row = { version, description, appliedAt: now };
  await catalog.session.execute(
    insertStatement(catalog, schemaMigrations, [row]),
    "record the catalog's version",
  );
}

async function createOrComplete(catalog: Catalog, replicationNum: number): Promise<void> {
  await createTables(catalog, replicationNum, catalogTables);
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
  const complete = await lookUntil(
    aMinute,
    async () => (await incompleteTables(catalog)).length === 0 || undefined,
  );
  if (complete) return;
  throw new BackupError({
    code: "CATALOG_CHANGING",
    message: `StarRocks is still adding columns to the tables of ${catalog.database}.`,
    next: "Run the init script again in a few minutes.",
    retriable: true,
  });
}

const aMinute: Looks = { most: 120, pauseMs: 500 };

/** Tables that lack columns of the newest form. */
async function incompleteTables(
  catalog: Catalog,
): Promise<readonly { readonly table: Table; readonly missing: readonly Column<unknown>[] }[]> {
  const present = await readColumns(catalog.session, [{ database: catalog.database, tables: undefined }]);
  return catalogTables
    .map((table) => {
      const ofTable = present.filter((column) => column.table === table.name);
      return { table, missing: missingColumns(table, new Set(ofTable.map((column) => column.column))) };
    })
    .filter(({ missing }) => missing.length > 0);
}

async function createTables(
  catalog: Catalog,
  replicationNum: number,
  tables: readonly Table[],
): Promise<void> {
  for (const table of tables) {
    await catalog.session.execute(
      createTableStatement(catalog.database, table, replicationNum),
      `create ${catalog.database}.${table.name}`,
    );
  }
}
