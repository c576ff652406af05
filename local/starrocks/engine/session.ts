import type { DuckDBConnection } from "@duckdb/node-api";

/** State of one client connection. */
export type Session = {
  readonly id: number;
  /** Index of the FE it is connected to. */
  readonly frontend: number;
  user: string;
  /** Active roles; their privileges count (§13). */
  roles: string[];
  database: string | undefined;
  zone: string;
  variables: Map<string, string>;
  userVariables: Map<string, string | null>;
  warnings: [level: string, code: string, message: string][];
  /** The reader on DuckDB; opened with the first query. */
  reader: DuckDBConnection | undefined;
  readonly since: number;
  running: string | undefined;
};

/** The connections of one FE. */
export type Connections = Readonly<{
  list(): Session[];
  /** False if there is no such connection. */
  kill(id: number): boolean;
}>;
