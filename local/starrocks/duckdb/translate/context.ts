import type { Expr, Query, TableRef } from "../../sql/query-ast.ts";
import type { Columns, Scope } from "./scope.ts";

/** The session's part in what its statements mean. */
export interface Asker {
  readonly id: number;
  readonly user: string;
  readonly database: string | undefined;
  readonly zone: string;
  /** Active ones. */
  readonly roles: readonly string[];
}

/** What a translation may ask: who asks, when, and what a table name stands for. */
export interface TranslateContext {
  readonly session: Asker;
  readonly now: number;
  readonly buildVersion: string;
  /** DuckDB FROM item for a table reference, without its alias. */
  table(ref: TableRef): string;
  /** Its columns, where their types are known. */
  columns(ref: TableRef): Columns | undefined;
  variable(name: string): Expr;
  /** A query inside an expression; `outer`: what names mean around it. */
  query(query: Query, outer: Scope): TypedQuery;
}

/** A query in DuckDB's SQL with what is known of its columns. */
export type TypedQuery = Readonly<{ sql: string; columns: Columns | undefined }>;
