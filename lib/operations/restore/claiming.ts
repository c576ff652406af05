import type { TableName } from "../../planning/restore/destination.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { withoutStop } from "../../sentence.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import { renameStatement } from "../../starrocks/statements/alter.ts";
import type { Step } from "../step/step.ts";

/** How far it is that a table is again what it was before a restore. */
export type Undone =
  | { readonly kind: "done" }
  | Wait
  /** @param reason a sentence without its end */
  | { readonly kind: "failed"; readonly reason: string };

/** Whoever gives tables back what a restore has replaced. */
export interface ClaimingStep extends Step {
  /** Of the restore, which the names of its tables carry. */
  readonly mark: string;
  /** Whether it is still wanted: it may have been called off while this execution stood still. */
  isWanted(): Promise<boolean>;
}

/** A statement about a table that another execution may rename at any moment. */
export interface Claiming {
  /** The table's name; without it the statement does nothing. */
  readonly name: string;
  readonly statement: string;
}

/** @returns what to say when a statement is not carried out; undefined: it was */
export async function refused(
  { catalog }: ClaimingStep,
  { database, table }: TableName,
  { name, statement }: Claiming,
): Promise<Undone | undefined> {
  try {
    await catalog.session.execute(statement, `undo the restore of ${database}.${table}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind === "connection") throw error;
    const isThere = (await readTableIds(catalog.session, database, [name])).has(name);
    if (!isThere) return waitFor(`another execution undoes the restore of ${database}.${table}`);
    if (error.retriable) throw error;
    return { kind: "failed", reason: withoutStop(error.message) };
  }
}

/** Gives a table another name. @returns what to say when that is not done */
export async function renamed(
  step: ClaimingStep,
  table: TableName,
  [from, to]: readonly [from: string, to: string],
): Promise<Undone | undefined> {
  if (from === to) return undefined;
  return await refused(step, table, { name: from, statement: renameStatement(table.database, from, to) });
}
