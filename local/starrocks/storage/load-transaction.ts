import { analysisError } from "../basics/errors.ts";
import type { Database, Table } from "../metadata/model.ts";
import type { LoadStatus } from "./publishing.ts";
import type { StorageHost } from "./storage-host.ts";

const labelPattern = /^[-\w]{1,128}$/;

export type LoadTransaction = Readonly<{
  id: number;
  label: string;
  dbId: number;
  startedAt: number;
}>;

/** Labels of transactions under way, per database; the leader decides in one thread of control (§14.4b). */
export class LoadTransactions {
  readonly #open = new Set<string>();

  begin(cluster: StorageHost, database: Database, label: string): LoadTransaction {
    if (!labelPattern.test(label))
      throw analysisError(`Label format error. regex: ${labelPattern.source}, label: ${label}`);
    const key = `${database.id}:${label}`;
    const used = cluster.catalog.label(database.id, label);
    if (this.#open.has(key) || (used && used.state !== "CANCELLED"))
      // Two sentences of the FE run together, hence the two dots.
      throw analysisError(`fail to begin transaction. Label [${label}] has already been used.`);
    this.#open.add(key);
    return { id: cluster.newTxnId(), label, dbId: database.id, startedAt: cluster.now() };
  }

  end(transaction: LoadTransaction): void {
    this.#open.delete(`${transaction.dbId}:${transaction.label}`);
  }
}

/** Notes the outcome; an aborted transaction frees its label (§14.4b). */
export function recordLabel(
  cluster: StorageHost,
  transaction: LoadTransaction,
  table: Table,
  outcome: { type: string; rows: number; finished: boolean },
): void {
  cluster.catalog.putLabel({
    id: cluster.catalog.newId(),
    dbId: transaction.dbId,
    label: transaction.label,
    table: table.name,
    type: outcome.type,
    state: outcome.finished ? "FINISHED" : "CANCELLED",
    txnId: transaction.id,
    rows: outcome.rows,
    createTime: transaction.startedAt,
    finishTime: cluster.now(),
  });
}

export const loadInfo = (transaction: LoadTransaction, status: LoadStatus): string =>
  `{'label':'${transaction.label}', 'status':'${status}', 'txnId':'${transaction.id}'}`;
