import type { Database, LoadLabel, Partition, Relation, Table } from "./model.ts";

/** Partitions of one table: names are case-insensitive (starrocks.md §10), temporary ones apart. */
export class PartitionSet {
  readonly #normal = new Map<string, Partition>();
  readonly #temporary = new Map<string, Partition>();

  get(name: string, temporary = false): Partition | undefined {
    return this.#of(temporary).get(name.toLowerCase());
  }

  add(partition: Partition): void {
    this.#of(partition.temporary).set(partition.name.toLowerCase(), partition);
  }

  remove(partition: Partition): void {
    this.#of(partition.temporary).delete(partition.name.toLowerCase());
  }

  normal(): Partition[] {
    return [...this.#normal.values()];
  }

  temporary(): Partition[] {
    return [...this.#temporary.values()];
  }

  all(): Partition[] {
    return [...this.#normal.values(), ...this.#temporary.values()];
  }

  #of(temporary: boolean): Map<string, Partition> {
    return temporary ? this.#temporary : this.#normal;
  }
}

export type EntityKind =
  | "database"
  | "relation"
  | "partition"
  | "label"
  | "repository"
  | "job"
  | "account"
  | "recycled"
  | "routine_load";
export type Change = { kind: EntityKind; id: number };

/**
 * The metadata of the cluster: the truth, in memory. Every change is noted so that the store can write exactly
 * what changed, in the same transaction as the rows it belongs to.
 */
export class Catalog {
  readonly #databases = new Map<string, Database>();
  readonly #relations = new Map<number, Map<string, Relation>>();
  readonly #byId = new Map<number, Relation>();
  readonly #partitions = new Map<number, PartitionSet>();
  readonly #partitionById = new Map<number, Partition>();
  readonly #labels = new Map<number, Map<string, LoadLabel>>();
  readonly dirty = new Map<string, Change>();
  #nextId = 10_001;
  idsChanged = false;

  /** One counter for all ids, as in the FE. */
  newId(): number {
    this.idsChanged = true;
    this.#nextId += 1;
    return this.#nextId - 1;
  }

  get nextId(): number {
    return this.#nextId;
  }

  set nextId(value: number) {
    this.#nextId = value;
  }

  touch(kind: EntityKind, id: number): void {
    this.dirty.set(`${kind}:${id}`, { kind, id });
  }

  databases(): Database[] {
    return [...this.#databases.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  database(name: string): Database | undefined {
    return this.#databases.get(name);
  }

  databaseById(id: number): Database | undefined {
    return [...this.#databases.values()].find((database) => database.id === id);
  }

  addDatabase(database: Database): void {
    this.#databases.set(database.name, database);
    this.#relations.set(database.id, new Map());
    this.touch("database", database.id);
  }

  renameDatabase(database: Database, name: string): void {
    this.#databases.delete(database.name);
    database.name = name;
    this.#databases.set(name, database);
    this.touch("database", database.id);
  }

  removeDatabase(database: Database): void {
    for (const relation of this.relations(database)) this.removeRelation(relation);
    this.#databases.delete(database.name);
    this.#relations.delete(database.id);
    this.touch("database", database.id);
  }

  relations(database: Database): Relation[] {
    return [...(this.#relations.get(database.id)?.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  allTables(): Table[] {
    return [...this.#byId.values()].filter((relation) => relation.kind === "table");
  }

  relation(database: Database, name: string): Relation | undefined {
    return this.#relations.get(database.id)?.get(name);
  }

  relationById(id: number): Relation | undefined {
    return this.#byId.get(id);
  }

  addRelation(relation: Relation): void {
    this.#relations.get(relation.dbId)?.set(relation.name, relation);
    this.#byId.set(relation.id, relation);
    if (relation.kind === "table" && !this.#partitions.has(relation.id))
      this.#partitions.set(relation.id, new PartitionSet());
    this.touch("relation", relation.id);
  }

  removeRelation(relation: Relation): void {
    for (const partition of this.partitions(relation.id).all()) {
      this.#partitionById.delete(partition.id);
      this.touch("partition", partition.id);
    }
    this.#relations.get(relation.dbId)?.delete(relation.name);
    this.#byId.delete(relation.id);
    this.#partitions.delete(relation.id);
    this.touch("relation", relation.id);
  }

  /** Gives relations new names at once, so that SWAP WITH needs no third name. */
  rename(...changes: readonly (readonly [Relation, string])[]): void {
    for (const [relation] of changes) this.#relations.get(relation.dbId)?.delete(relation.name);
    for (const [relation, name] of changes) {
      relation.name = name;
      this.#relations.get(relation.dbId)?.set(name, relation);
      this.touch("relation", relation.id);
    }
  }

  partitions(tableId: number): PartitionSet {
    return this.#partitions.get(tableId) ?? new PartitionSet();
  }

  addPartition(partition: Partition): void {
    this.#partitions.get(partition.tableId)?.add(partition);
    this.#partitionById.set(partition.id, partition);
    this.touch("partition", partition.id);
  }

  partitionById(id: number): Partition | undefined {
    return this.#partitionById.get(id);
  }

  removePartition(partition: Partition): void {
    this.#partitions.get(partition.tableId)?.remove(partition);
    this.#partitionById.delete(partition.id);
    this.touch("partition", partition.id);
  }

  renamePartition(partition: Partition, name: string, temporary = partition.temporary): void {
    const set = this.#partitions.get(partition.tableId);
    set?.remove(partition);
    partition.name = name;
    partition.temporary = temporary;
    set?.add(partition);
    this.touch("partition", partition.id);
  }

  labels(): LoadLabel[] {
    return [...this.#labels.values()].flatMap((labels) => [...labels.values()]);
  }

  label(dbId: number, label: string): LoadLabel | undefined {
    return this.#labels.get(dbId)?.get(label);
  }

  putLabel(label: LoadLabel): void {
    const labels = this.#labels.get(label.dbId) ?? new Map<string, LoadLabel>();
    const former = labels.get(label.label);
    if (former) this.touch("label", former.id);
    labels.set(label.label, label);
    this.#labels.set(label.dbId, labels);
    this.touch("label", label.id);
  }
}
