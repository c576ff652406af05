import { afterAll, beforeAll, expect, test } from "vitest";
import type { World } from "../support/world.ts";
import { type Alternative, copiedFor, foundBy, type Remembered, remember } from "./alternatives.ts";
import { type ChosenBackup, plainFull, runBackup } from "./backup.ts";
import { addToGroup, beginHistory, createTable, endHistory, forgetBackups } from "./begin.ts";
import { readCatalog } from "./catalog.ts";
import { refresh } from "./changes.ts";
import { startCluster, wholeJob } from "./cluster.ts";
import { type History, type Model, run } from "./model.ts";
import { everything } from "./restores/choice.ts";
import { runRestore } from "./restores/restore.ts";

let cluster: World;

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

/** A change that an alternative to fingerprints misses. `a` is in the group, `x` is not; both were loaded once. */
interface CounterExample {
  readonly name: string;
  /** Before the baseline, after `a` and `x` were loaded. */
  readonly before?: (scene: Scene) => Promise<void>;
  readonly happens: (scene: Scene) => Promise<void>;
  /** What the next incremental has to copy. */
  readonly copied: readonly string[];
  readonly missedBy: readonly Alternative[];
}

interface Scene {
  readonly history: History;
  readonly model: Model;
  readonly sql: (statement: string) => Promise<void>;
  /** A full backup of the group. */
  readonly full: () => Promise<void>;
}

const shape = { partitioning: "range", model: "DUPLICATE" } as const;
const incremental: ChosenBackup = {
  ...plainFull,
  policy: { type: "incremental", baseline: undefined, fullEverySeconds: undefined, maxChain: undefined },
};

function row(id: number, day = 1): string {
  return `(${id}, '2025-01-0${day}', ${id})`;
}

/** RESTORE by hand, under the original name. */
async function restoreByHand({ history, model, sql }: Scene, label: string, on: string): Promise<void> {
  const rows = await readCatalog(cluster.client, history.group);
  await sql(
    `RESTORE SNAPSHOT ${history.database}.${label} FROM repo ON (${on}) PROPERTIES (
       "backup_timestamp" = "${rows.history.get(label)?.timestamp}", "replication_num" = "1")`,
  );
  await cluster.ticks(wholeJob);
  await refresh(history, model);
}

function firstLabel({ model }: Scene): string {
  return model.points[0]?.label ?? "";
}

/** One more transaction before the next one is committed and not yet published: later ones wait for it. */
function holdPublishing({ history }: Scene, name: string, partition: string): void {
  const { catalog } = cluster.starrocks.cluster;
  const database = catalog.database(history.database);
  const table = database && catalog.relation(database, name);
  const [physical] = (table && catalog.partitions(table.id).get(partition)?.physical) ?? [];
  if (physical === undefined) throw new Error(`there is no ${name}.${partition}`);
  physical.nextVersion += 1;
}

const examples: readonly CounterExample[] = [
  {
    name: "an overwrite of a partition that already was at version 2",
    happens: ({ sql }) => sql(`INSERT OVERWRITE a PARTITION (p1) VALUES ${row(11)}`),
    copied: ["a.p1"],
    missedBy: ["another version", "a higher version"],
  },
  {
    name: "TRUNCATE and as many loads as before",
    happens: async ({ sql }) => {
      await sql("TRUNCATE TABLE a PARTITION (p1)");
      await sql(`INSERT INTO a VALUES ${row(11)}`);
    },
    copied: ["a.p1"],
    missedBy: ["another version", "a higher version"],
  },
  {
    name: "TRUNCATE alone",
    happens: ({ sql }) => sql("TRUNCATE TABLE a PARTITION (p1)"),
    copied: ["a.p1"],
    missedBy: ["a higher version"],
  },
  {
    name: "SWAP with a table of the same versions",
    happens: ({ sql }) => sql("ALTER TABLE a SWAP WITH x"),
    copied: ["a.p1", "a.p2", "a.p3"],
    missedBy: ["a later time", "another version", "a higher version"],
  },
  {
    name: "a restore in place, and loads up to the version of before",
    before: async (scene) => {
      await scene.full();
      await scene.sql(`INSERT INTO a VALUES ${row(11)}`);
    },
    happens: async (scene) => {
      await restoreByHand(scene, firstLabel(scene), "a PARTITION (p1)");
      await scene.sql(`INSERT INTO a VALUES ${row(12)}`);
    },
    copied: ["a.p1"],
    missedBy: ["another version", "a higher version"],
  },
  {
    name: "a table that was lost and restored, with the times of before",
    before: async (scene) => {
      await scene.full();
      await scene.sql(`INSERT OVERWRITE a PARTITION (p1) VALUES ${row(11)}`);
    },
    happens: async (scene) => {
      await scene.sql("DROP TABLE a FORCE");
      await restoreByHand(scene, firstLabel(scene), "a");
    },
    copied: ["a.p1", "a.p2", "a.p3"],
    missedBy: ["a later time", "another version", "a higher version"],
  },
  {
    name: "SWAP with a table prepared before the baseline",
    before: async ({ sql, history, model }) => {
      await createTable(history, model, "y", shape);
      await sql(`INSERT INTO y VALUES ${row(11)}, ${row(12, 2)}, ${row(13, 3)}`);
    },
    happens: ({ sql }) => sql("ALTER TABLE a SWAP WITH y"),
    copied: ["a.p1", "a.p2", "a.p3"],
    missedBy: ["a later time", "another version", "a higher version"],
  },
  {
    name: "a load that was committed before the baseline and published after",
    before: async (scene) => {
      holdPublishing(scene, "a", "p1");
      await scene.sql(`INSERT INTO a VALUES ${row(11)}`);
    },
    happens: async () => cluster.starrocks.cluster.publishing.release(),
    copied: ["a.p1"],
    missedBy: ["a later time"],
  },
  {
    name: "a partition that was dropped",
    happens: ({ sql }) => sql("ALTER TABLE a DROP PARTITION p1"),
    copied: [],
    missedBy: ["a later time", "another version", "a higher version"],
  },
  {
    name: "two partitions that exchanged their names",
    happens: async ({ sql }) => {
      await sql("ALTER TABLE a RENAME PARTITION p1 q");
      await sql("ALTER TABLE a RENAME PARTITION p2 p1");
      await sql("ALTER TABLE a RENAME PARTITION q p2");
    },
    copied: ["a.p1", "a.p2"],
    missedBy: ["a later time", "another version", "a higher version"],
  },
  {
    name: "a column that was added, without any load",
    happens: ({ sql }) => sql(`ALTER TABLE a ADD COLUMN extra BIGINT DEFAULT "7"`),
    copied: ["a.p1", "a.p2", "a.p3"],
    missedBy: ["a later time", "another version", "a higher version"],
  },
  {
    name: "a table that was added to the group after the full",
    happens: ({ history }) => addToGroup(history, "x"),
    copied: ["x.p1", "x.p2", "x.p3"],
    missedBy: ["a later time"],
  },
];

test.each(examples.map((example) => [example.name, example] as const))("%s is found", async (_, example) => {
  const { before, happens, copied, missedBy } = example;
  const scene = await begin();
  await before?.(scene);
  await scene.full();
  const remembered = await remember(scene.history);
  // Each change comes well after the backup has ended, where times could tell.
  cluster.passSeconds(10);
  await happens(scene);
  await refresh(scene.history, scene.model);
  await expectFound(scene, remembered, copied, missedBy);
});

test("a load in the second of the baseline is found", async () => {
  const scene = await begin();
  await scene.full();
  const remembered = await remember(scene.history);
  // The clock goes back to the second in which the backup ended.
  cluster.starrocks.cluster.knobs.clockOffsetMs = remembered.endedAt * 1000 - Date.now();
  await scene.sql(`INSERT INTO a VALUES ${row(11)}`);
  await refresh(scene.history, scene.model);
  await expectFound(scene, remembered, ["a.p1"], ["a later time"]);
});

test("a load between a group's full and another group's full is found", async () => {
  const scene = await begin();
  await scene.full();
  cluster.passSeconds(10);
  await scene.sql(`INSERT INTO a VALUES ${row(11)}`);
  cluster.passSeconds(10);
  const other: History = { ...scene.history, group: `${scene.history.group}_other`, inGroup: new Set() };
  await addToGroup(other, "x");
  await runBackup(
    other,
    { tables: scene.model.tables, schemaChanges: new Map(), points: [], snapshots: new Map(), restores: [] },
    plainFull,
  );
  await expectFound(scene, await remember(other), ["a.p1"], ["a later time"]);
  await forgetBackups(other);
});

let scenes = 0;

async function begin(): Promise<Scene> {
  scenes++;
  cluster.passSeconds(1000);
  const { history, model } = await beginHistory(cluster, `c${scenes}`, ["a"]);
  await cluster.client.run(`USE ${history.database}`);
  const sql = (statement: string) => run(history, statement);
  for (const table of ["a", "x"]) {
    await createTable(history, model, table, shape);
    const id = history.next();
    await sql(`INSERT INTO ${table} VALUES ${row(id)}, ${row(id, 2)}, ${row(id, 3)}`);
  }
  await refresh(history, model);
  cluster.passSeconds(10);
  const full = async () => {
    await runBackup(history, model, plainFull);
    cluster.passSeconds(10);
  };
  return { history, model, sql, full };
}

/** The alternatives miss it; the product copies exactly it, and brings the new state back. */
async function expectFound(
  { history, model }: Scene,
  remembered: Remembered,
  copied: readonly string[],
  missedBy: readonly Alternative[],
): Promise<void> {
  const found = await foundBy(history, remembered);
  const ofGroup = (names: readonly string[]) =>
    names.filter((name) => history.inGroup.has(name.split(".")[0] ?? ""));
  for (const alternative of missedBy) {
    expect(ofGroup(found[alternative]), `found by ${alternative}`).toEqual([]);
  }
  cluster.passSeconds(10);
  await runBackup(history, model, incremental);
  const newest = model.points.at(-1);
  if (newest === undefined) throw new Error("there is no restore point");
  expect(newest.type).toBe("incremental");
  expect(await copiedFor(history, newest)).toEqual(copied);
  await runRestore(history, model, everything(model.points.length - 1));
  await endHistory(history);
}
