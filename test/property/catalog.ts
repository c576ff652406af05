import type { Client } from "../support/client.ts";

/** A row of `ops.backup_history`. */
export interface HistoryRow {
  readonly label: string;
  readonly status: string;
  readonly type: string;
  readonly baseline: string | undefined;
  readonly timestamp: string | undefined;
  readonly partitions: number;
  readonly parts: number;
  readonly part: number;
  /** What had to be left out, and why: JSON. */
  readonly leftOut: string;
}

/** What the catalog's manifest says of one table in one snapshot. */
export interface ManifestRow {
  readonly content: string;
  readonly held: ReadonlySet<string>;
  readonly dropped: ReadonlySet<string>;
}

/** The catalog's rows of a group, read past the product. */
export interface CatalogRows {
  /** By label. */
  readonly history: ReadonlyMap<string, HistoryRow>;
  /** By label, then by table. */
  readonly manifests: ReadonlyMap<string, ReadonlyMap<string, ManifestRow>>;
}

export async function readCatalog(client: Client, group: string): Promise<CatalogRows> {
  const rows = await client.rows(`SELECT * FROM ops.backup_history WHERE inventory_group = '${group}'`);
  const history = new Map(
    rows.map((row) => [
      String(row["label"]),
      {
        label: String(row["label"]),
        status: String(row["status"]),
        type: String(row["backup_type"]),
        baseline: textOf(row["baseline_label"]),
        timestamp: textOf(row["snapshot_timestamp"]),
        partitions: Number(row["partition_count"]),
        parts: Number(row["parts"]),
        part: Number(row["part"]),
        leftOut: String(row["left_out"] ?? ""),
      },
    ]),
  );
  return { history, manifests: await readManifests(client, [...history.keys()]) };
}

function textOf(value: string | number | null | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

async function readManifests(client: Client, labels: readonly string[]): Promise<CatalogRows["manifests"]> {
  const list = labels.map((label) => `'${label}'`).join(", ");
  const tables = await client.rows(`SELECT * FROM ops.backup_tables WHERE label IN (${list})`);
  const partitions = await client.rows(`SELECT * FROM ops.backup_partitions WHERE label IN (${list})`);
  const manifests = new Map<string, Map<string, ManifestRow>>();
  for (const row of tables) {
    const [label, table] = [String(row["label"]), String(row["table_name"])];
    const names = (presence: string) =>
      new Set(
        partitions
          .filter((each) => each["label"] === label && each["table_name"] === table)
          .filter((each) => each["presence"] === presence)
          .map((each) => String(each["partition_name"])),
      );
    const ofLabel = manifests.get(label) ?? new Map<string, ManifestRow>();
    manifests.set(label, ofLabel);
    ofLabel.set(table, { content: String(row["content"]), held: names("held"), dropped: names("dropped") });
  }
  return manifests;
}

/** Which snapshot holds each partition of each table at a restore point, by following the recorded baselines. */
export function resolve(
  { history, manifests }: CatalogRows,
  label: string,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    [...(manifests.get(label)?.keys() ?? [])].map((table) => [
      table,
      holders(history, manifests, label, table),
    ]),
  );
}

function holders(
  history: CatalogRows["history"],
  manifests: CatalogRows["manifests"],
  label: string,
  table: string,
): ReadonlyMap<string, string> {
  const decided = new Map<string, string | undefined>();
  const decide = (partitions: Iterable<string>, holder: string | undefined): void => {
    for (const partition of partitions) if (!decided.has(partition)) decided.set(partition, holder);
  };
  for (let at: string | undefined = label; at !== undefined; at = history.get(at)?.baseline) {
    const row = manifests.get(at)?.get(table);
    if (row === undefined) throw new Error(`${table} at ${label}: its chain has no entry in ${at}`);
    decide(row.held, at);
    decide(row.dropped, undefined);
    if (row.content === "whole" || row.content === "split") {
      return new Map(
        [...decided].flatMap(([partition, holder]) => (holder === undefined ? [] : [[partition, holder]])),
      );
    }
  }
  throw new Error(`${table} at ${label}: its chain ends without a whole copy`);
}

/** Tables and partitions that a snapshot holds, by the repository itself. */
export async function readDetails(
  client: Client,
  label: string,
  timestamp: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const [row] = await client.rows(
    `SHOW SNAPSHOT ON repo WHERE SNAPSHOT = '${label}' AND TIMESTAMP = '${timestamp}'`,
  );
  const details = JSON.parse(String(row?.["Details"])) as {
    readonly backup_objects: Readonly<
      Record<string, { readonly partitions: Readonly<Record<string, unknown>> }>
    >;
  };
  return new Map(
    Object.entries(details.backup_objects).map(([table, { partitions }]) => [
      table,
      new Set(Object.keys(partitions).filter((partition) => !partition.startsWith("$"))),
    ]),
  );
}
