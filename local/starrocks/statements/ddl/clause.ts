import type { Context } from "../../engine/context.ts";
import type { Table } from "../../metadata/model.ts";

/** One clause of ALTER TABLE: parses itself, then returns what to do with the table. */
export type Clause = (context: Context, table: Table) => Promise<void>;
