import type { Session } from "../../engine/session.ts";
import type { Expr, TableRef } from "../../sql/query-ast.ts";
import type { Columns } from "./scope.ts";

/** What a translation may ask: who asks, when, and what a table name stands for. */
export interface TranslateContext {
  readonly session: Session;
  readonly now: number;
  readonly buildVersion: string;
  /** DuckDB FROM item for a table reference, without its alias. */
  table(ref: TableRef): string;
  /** Its columns, where their types are known. */
  columns(ref: TableRef): Columns | undefined;
  variable(name: string): Expr;
}
