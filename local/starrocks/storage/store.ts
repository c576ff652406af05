import { randomInt } from "node:crypto";
import type { DuckDBAppender } from "@duckdb/node-api";
import { type Duck, quoteText } from "../duckdb/duck.ts";
import type { Catalog, Change } from "../metadata/catalog.ts";
import type { Database, LoadLabel, Partition, Relation } from "../metadata/model.ts";
import { partitionKeyText, partitionValueText } from "../metadata/partition-text.ts";

/**
 * Metadata rows live in the same DuckDB file as the data and are written in the same transaction: a kill between
 * statements can never leave one without the other. Partitions have real columns, because
 * information_schema.partitions_meta is a view over them (100,000 rows cost no JavaScript).
 */
const schema = `
CREATE SCHEMA IF NOT EXISTS meta;
CREATE SCHEMA IF NOT EXISTS data;
CREATE TABLE IF NOT EXISTS meta.entity (kind VARCHAR, id BIGINT, body VARCHAR);
CREATE TABLE IF NOT EXISTS meta.setting (name VARCHAR, value VARCHAR);
CREATE TABLE IF NOT EXISTS meta.relation_name (id BIGINT, db VARCHAR, name VARCHAR, kind VARCHAR,
  partition_key VARCHAR, distribution_key VARCHAR);
CREATE TABLE IF NOT EXISTS meta.partition (id BIGINT, physical_id BIGINT, table_id BIGINT, name VARCHAR,
  visible_version BIGINT, next_version BIGINT, visible_time BIGINT, data_version BIGINT, epoch BIGINT, txn_type VARCHAR,
  value VARCHAR, buckets INTEGER, replication_num INTEGER, temporary BOOLEAN, rows BIGINT, bytes BIGINT, body VARCHAR);
ALTER TABLE meta.partition ADD COLUMN IF NOT EXISTS storage_medium VARCHAR DEFAULT 'HDD';
`;

export class Store {
  readonly #duck: Duck;
  readonly #extra: (change: Change) => object | undefined;

  /** `extra` gives the state of entities the catalog does not hold: repositories and jobs. */
  constructor(duck: Duck, extra: (change: Change) => object | undefined) {
    this.#duck = duck;
    this.#extra = extra;
  }

  async open(): Promise<void> {
    await this.#duck.run(schema);
  }

  /** Chosen once per state folder. */
  async clusterId(): Promise<string> {
    const [row] = await this.#duck.rows("SELECT value FROM meta.setting WHERE name = 'cluster_id'");
    if (row) return String(row[0]);
    const id = String(randomInt(1, 2 ** 31));
    await this.#duck.run(`INSERT INTO meta.setting VALUES ('cluster_id', ${quoteText(id)})`);
    return id;
  }

  async load(catalog: Catalog): Promise<Map<string, object[]>> {
    const others = new Map<string, object[]>();
    const relations: Relation[] = [];
    const labels: LoadLabel[] = [];
    for (const [kind, body] of await this.#duck.rows("SELECT kind, body FROM meta.entity ORDER BY id")) {
      const value: unknown = JSON.parse(String(body));
      if (kind === "database") catalog.addDatabase(value as Database);
      else if (kind === "relation") relations.push(value as Relation);
      else if (kind === "label") labels.push(value as LoadLabel);
      else others.set(String(kind), [...(others.get(String(kind)) ?? []), value as object]);
    }
    for (const relation of relations) catalog.addRelation(relation);
    for (const label of labels) catalog.putLabel(label);
    for (const [body] of await this.#duck.rows(
      "SELECT body FROM meta.partition WHERE body IS NOT NULL ORDER BY id",
    ))
      catalog.addPartition(JSON.parse(String(body)) as Partition);
    const [next] = await this.#duck.rows("SELECT value FROM meta.setting WHERE name = 'next_id'");
    if (next) catalog.nextId = Number(next[0]);
    catalog.dirty.clear();
    return others;
  }

  /** Writes what changed; to be called inside the statement's transaction. */
  async flush(catalog: Catalog): Promise<void> {
    if (catalog.idsChanged) {
      await this.#duck.run("DELETE FROM meta.setting WHERE name = 'next_id'");
      await this.#duck.run(
        `INSERT INTO meta.setting VALUES ('next_id', ${quoteText(String(catalog.nextId))})`,
      );
    }
    const changes = [...catalog.dirty.values()];
    await this.#flushEntities(
      catalog,
      changes.filter((change) => change.kind !== "partition"),
    );
    await this.#flushPartitions(
      catalog,
      changes.filter((change) => change.kind === "partition"),
    );
    catalog.dirty.clear();
    catalog.idsChanged = false;
  }

  async #flushEntities(catalog: Catalog, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await this.#forget(
      "meta.entity",
      changes.map((change) => change.id),
      " AND kind <> 'partition'",
    );
    const appender = await this.#duck.main.createAppender("entity", "meta");
    for (const change of changes) {
      const body = this.#body(catalog, change);
      if (!body) continue;
      appender.appendVarchar(change.kind);
      appender.appendBigInt(BigInt(change.id));
      appender.appendVarchar(JSON.stringify(body));
      appender.endRow();
    }
    appender.closeSync();
    await this.#flushNames(catalog, changes);
  }

  #body(catalog: Catalog, change: Change): object | undefined {
    if (change.kind === "database") return catalog.databaseById(change.id);
    if (change.kind === "relation") return catalog.relationById(change.id);
    if (change.kind === "label") return catalog.labels().find((label) => label.id === change.id);
    return this.#extra(change);
  }

  /** A new name of a database is a new name of all its relations, which are touched then. */
  async #flushNames(catalog: Catalog, changes: readonly Change[]): Promise<void> {
    const ids = changes.filter((change) => change.kind === "relation").map((change) => change.id);
    if (ids.length === 0) return;
    await this.#forget("meta.relation_name", ids);
    const appender = await this.#duck.main.createAppender("relation_name", "meta");
    for (const id of ids) {
      const relation = catalog.relationById(id);
      const database = relation && catalog.databaseById(relation.dbId);
      if (database) {
        appender.appendBigInt(BigInt(relation.id));
        appender.appendVarchar(database.name);
        appender.appendVarchar(relation.name);
        appender.appendVarchar(relation.kind);
        const table = relation.kind === "table" ? relation : undefined;
        appender.appendVarchar(table ? partitionKeyText(table) : "");
        appender.appendVarchar(
          table?.distribution.kind === "HASH"
            ? table.distribution.columns.map((c) => `\`${c}\``).join(", ")
            : "",
        );
        appender.endRow();
      }
    }
    appender.closeSync();
  }

  async #flushPartitions(catalog: Catalog, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await this.#forget(
      "meta.partition",
      changes.map((change) => change.id),
    );
    const appender = await this.#duck.main.createAppender("partition", "meta");
    for (const { id } of changes) {
      const partition = catalog.partitionById(id);
      const table = partition && catalog.relationById(partition.tableId);
      if (partition && table?.kind === "table")
        appendPartition(appender, partition, partitionValueText(table, partition.values));
    }
    appender.closeSync();
  }

  async #forget(table: string, ids: readonly number[], more = ""): Promise<void> {
    for (let at = 0; at < ids.length; at += 50_000) {
      const part = ids.slice(at, at + 50_000);
      await this.#duck.run(
        `DELETE FROM ${table} WHERE id IN (SELECT unnest([${part.join(",")}]::BIGINT[]))${more}`,
      );
    }
  }
}

function appendPartition(appender: DuckDBAppender, partition: Partition, value: string): void {
  const body = JSON.stringify(partition);
  for (const [index, physical] of partition.physical.entries()) {
    appender.appendBigInt(BigInt(partition.id));
    appender.appendBigInt(BigInt(physical.id));
    appender.appendBigInt(BigInt(partition.tableId));
    appender.appendVarchar(partition.name);
    appender.appendBigInt(BigInt(physical.visibleVersion));
    appender.appendBigInt(BigInt(physical.nextVersion));
    appender.appendBigInt(BigInt(physical.visibleVersionTime));
    appender.appendBigInt(BigInt(physical.dataVersion));
    appender.appendBigInt(BigInt(physical.versionEpoch));
    appender.appendVarchar(physical.txnType);
    appender.appendVarchar(value);
    appender.appendInteger(partition.buckets);
    appender.appendInteger(partition.replicationNum);
    appender.appendBoolean(partition.temporary);
    appender.appendBigInt(BigInt(physical.rows));
    appender.appendBigInt(BigInt(physical.bytes));
    if (index === 0) appender.appendVarchar(body);
    else appender.appendNull();
    appender.appendVarchar(partition.storageMedium ?? "HDD");
    appender.endRow();
  }
}
