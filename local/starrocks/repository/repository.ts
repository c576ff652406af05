import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commonError } from "../basics/errors.ts";
import type { SnapshotMeta } from "../metadata/snapshot.ts";

export type SnapshotFiles = Readonly<{ timestamps: readonly string[]; infoFiles: readonly string[] }>;

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** Files of a repository. The folder stands for the object store and may be shared by several clusters. */
export class RepositoryFiles {
  readonly root: string;
  /** What the FE calls the root in its texts. */
  readonly #url: string;

  constructor(storage: string, repository: { name: string; location: string }) {
    const folder = `__starrocks_repository_${repository.name}`;
    this.root = join(storage, bucketPath(repository.location), folder);
    this.#url = `${repository.location}/${folder}`;
  }

  /** Creation reads `__repo_info` when it is there and writes it otherwise, READ ONLY or not (§8). */
  attach(name: string, now: number): { name: string; createTime: number } {
    const path = join(this.root, "__repo_info");
    if (existsSync(path))
      return JSON.parse(readFileSync(path, "utf8")) as { name: string; createTime: number };
    mkdirSync(this.root, { recursive: true });
    const info = { name, createTime: now };
    writeFileSync(path, JSON.stringify(info));
    return info;
  }

  labels(): string[] {
    if (!existsSync(this.root)) return [];
    return readdirSync(this.root)
      .filter((name) => name.startsWith("__ss_"))
      .map((name) => name.slice("__ss_".length))
      .sort();
  }

  snapshotDir(label: string): string {
    return join(this.root, `__ss_${label}`);
  }

  /** An object store has no empty folders: a label exists once anything was uploaded (§2.5). */
  hasLabel(label: string): boolean {
    return existsSync(this.snapshotDir(label));
  }

  contentDir(label: string): string {
    return join(this.snapshotDir(label), "__ss_content");
  }

  files(label: string): SnapshotFiles {
    const dir = this.snapshotDir(label);
    const names = existsSync(dir)
      ? readdirSync(dir)
          .filter((name) => name.startsWith("__info_"))
          .sort()
      : [];
    const timestamps = names.map((name) => {
      const match = /^__info_(\d{4}(?:-\d{2}){5}-\d{3})\.[0-9a-f]{32}$/.exec(name);
      return match?.[1] ?? `Invalid: ${name}`;
    });
    return { timestamps, infoFiles: names };
  }

  write(meta: SnapshotMeta, timestamp: string): void {
    const dir = this.snapshotDir(meta.label);
    const metaText = JSON.stringify(meta);
    const infoText = JSON.stringify(snapshotInfo(meta));
    writeFileSync(join(dir, `__meta.${md5(metaText)}`), metaText);
    writeFileSync(join(dir, `__info_${timestamp}.${md5(infoText)}`), infoText);
  }

  /** The info file of a timestamp, or the storage client's reason; a mere prefix of a timestamp is found out (§6.2). */
  readInfo(label: string, timestamp: string): { info: SnapshotInfo } | { reason: string } {
    const path = `${this.#url}/__ss_${label}/__info_${timestamp}`;
    const { timestamps, infoFiles } = this.files(label);
    const found = infoFiles.filter((name) => name.startsWith(`__info_${timestamp}`));
    if (found.length !== 1) return { reason: `Expected one file with path: ${path}. get: ${found.length}` };
    const file = infoFiles[timestamps.indexOf(timestamp)];
    if (file === undefined) return { reason: `File does not exist: ${path}` };
    return { info: JSON.parse(readFileSync(join(this.snapshotDir(label), file), "utf8")) as SnapshotInfo };
  }

  readMeta(label: string): SnapshotMeta | undefined {
    const dir = this.snapshotDir(label);
    const names = existsSync(dir) ? readdirSync(dir).filter((name) => name.startsWith("__meta.")) : [];
    const [only] = names;
    if (only === undefined || names.length !== 1) return undefined;
    const text = readFileSync(join(dir, only), "utf8");
    return only === `__meta.${md5(text)}` ? (JSON.parse(text) as SnapshotMeta) : undefined;
  }

  remove(label: string): void {
    rmSync(this.snapshotDir(label), { recursive: true, force: true });
  }
}

/** `s3://bucket/prefix` → `bucket/prefix`; steps upwards would leave the folder. */
function bucketPath(location: string): string {
  const match = /^(?:s3|s3a|s3n|oss|cosn|gs|hdfs|wasbs?|abfss?):\/\/(.+)$/.exec(location);
  const parts = (match?.[1] ?? "").split("/").filter((part) => part !== "");
  if (parts.length === 0 || parts.includes("..") || parts.includes("."))
    throw commonError(`Failed to create repository: Invalid path. ${location}`);
  return join(...parts);
}

export type SnapshotInfo = Readonly<{
  name: string;
  database: string;
  id: number;
  backup_time: number;
  meta_version: number;
  starrocks_meta_version: number;
  backup_result: string;
  backup_objects: Readonly<
    Record<
      string,
      Readonly<{ id: number; autoIncrementId: number; partitions: Readonly<Record<string, object>> }>
    >
  >;
}>;

/** `__info`: the only place where the backed-up versions can be read (§8). */
function snapshotInfo(meta: SnapshotMeta): SnapshotInfo {
  const tables = meta.tables.map(({ table, partitions }) => [
    table.name,
    {
      id: table.id,
      autoIncrementId: table.nextAutoIncrement,
      partitions: Object.fromEntries(
        partitions.map((partition) => [
          partition.name,
          {
            id: partition.id,
            version: partition.physical[0]?.visibleVersion ?? 1,
            version_hash: 0,
            subPartitions: Object.fromEntries(
              partition.physical.map((physical) => [
                physical.id,
                { id: physical.id, version: physical.visibleVersion },
              ]),
            ),
          },
        ]),
      ),
    },
  ]);
  return {
    name: meta.label,
    database: meta.database,
    id: meta.databaseId,
    backup_time: meta.createTime,
    meta_version: 1,
    starrocks_meta_version: 4,
    backup_result: "succeed",
    backup_objects: Object.fromEntries(tables),
  };
}
