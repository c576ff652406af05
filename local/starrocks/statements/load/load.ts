import type { Context } from "../../engine/context.ts";
import type { Table } from "../../metadata/model.ts";
import type { LoadTransaction } from "../../storage/load-transaction.ts";
import type { Stage } from "../../storage/stage.ts";
import type { Insert } from "./insert-statement.ts";

/** An INSERT whose rows are staged, before its commit. */
export interface Load {
  readonly context: Context;
  readonly statement: Insert;
  readonly table: Table;
  readonly transaction: LoadTransaction;
  readonly stage: Stage;
}
