import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { registerNormalJson } from "./normal-json.ts";

/** The engine under the plain SQL: one DuckDB file, or memory. */
export class Duck {
  readonly #instance: DuckDBInstance;
  readonly main: DuckDBConnection;

  private constructor(instance: DuckDBInstance, main: DuckDBConnection) {
    this.#instance = instance;
    this.main = main;
  }

  static async open(dir: string | undefined): Promise<Duck> {
    if (dir !== undefined) mkdirSync(dir, { recursive: true });
    const path = dir === undefined ? ":memory:" : join(dir, "cluster.duckdb");
    const instance = await DuckDBInstance.create(path, {
      threads: "2",
      // MySQL order: NULL is the smallest value.
      default_null_order: "nulls_first_on_asc_last_on_desc",
      preserve_insertion_order: "true",
      // What is divided by zero is NULL.
      ieee_floating_point_ops: "false",
    });
    const main = await inUtc(instance);
    registerNormalJson(main);
    return new Duck(instance, main);
  }

  connect(): Promise<DuckDBConnection> {
    return inUtc(this.#instance);
  }

  async run(sql: string): Promise<number> {
    return (await this.main.run(sql)).rowsChanged;
  }

  async rows(sql: string): Promise<DuckDBValue[][]> {
    return (await this.main.runAndReadAll(sql)).getRows();
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.main.run("BEGIN");
    try {
      const value = await work();
      await this.main.run("COMMIT");
      return value;
    } catch (error) {
      await this.main.run("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.main.closeSync();
    this.#instance.closeSync();
  }
}

/** Conversions are spelled out in the translated SQL, in the session's zone; the process's zone must not matter. */
async function inUtc(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const quoteText = (value: string): string => `'${value.replaceAll("'", "''")}'`;
