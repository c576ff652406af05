import { afterEach, expect, test } from "vitest";
import type { Row } from "../support/client.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
afterEach(() => it.close());

const one = `PROPERTIES ("replication_num" = "1")`;

async function shop(table: string, statements: readonly string[]): Promise<void> {
  it = await worldWithGroups({ g: ["shop.t"] }, async (client) => {
    await client.run("CREATE DATABASE shop");
    await client.run(`CREATE TABLE shop.t ${table}`);
    for (const sql of statements) await client.run(sql);
  });
}

interface Seen {
  readonly rows: readonly Row[];
  readonly partitions: readonly Row[];
}

/** Rows of each partition, and what the partitions are. */
async function seen(): Promise<Seen> {
  const partitions = await it.client.rows(
    `SELECT PARTITION_NAME, PARTITION_VALUE, BUCKETS, REPLICATION_NUM, STORAGE_MEDIUM FROM information_schema.partitions_meta
     WHERE DB_NAME = 'shop' AND TABLE_NAME = 't' AND PARTITION_NAME NOT LIKE '$%' ORDER BY PARTITION_NAME`,
  );
  const rows: Row[] = [];
  for (const { PARTITION_NAME: name } of partitions)
    rows.push(
      ...(await it.client.rows(`SELECT *, '${name}' AS p FROM shop.t PARTITION (\`${name}\`) ORDER BY 1, 2`)),
    );
  return { rows, partitions };
}

/** A full, changes, an increment; the table is lost; what comes back is what was there. */
async function comesBackAfter(changes: readonly string[], strategy = "merge"): Promise<readonly unknown[]> {
  return await comesBackAfterAll([changes], strategy);
}

/** The same with an increment after each list of changes; returns what the last one notes. */
async function comesBackAfterAll(
  increments: readonly (readonly string[])[],
  strategy: string,
): Promise<readonly unknown[]> {
  await it.backUp({ group: "g", type: "full" });
  let notes: unknown;
  for (const changes of increments) {
    for (const sql of changes) await it.client.run(sql);
    ({ notes } = await it.backUp({ group: "g", type: "incremental", baseline: "latest" }));
  }
  const before = await seen();
  await it.client.run("DROP TABLE shop.t FORCE");
  const result = await it.restore({ tables: ["shop.t"], target_time: "2099-01-01 00:00" });
  expect(await seen()).toEqual(before);
  expect(result["restored"]).toMatchObject([{ strategy }]);
  return Array.isArray(notes) ? notes : [];
}

const range = "(k INT NOT NULL, n INT) DUPLICATE KEY (k) PARTITION BY RANGE (k)";
const spread = `DISTRIBUTED BY HASH (k) BUCKETS 2 ${one}`;

test("ranges up to MAXVALUE, with buckets of their own, empty ones too", async () => {
  await shop(`${range} (PARTITION p1 VALUES LESS THAN ("10")) ${spread}`, [
    "INSERT INTO shop.t VALUES (1, 1)",
  ]);
  await comesBackAfter([
    `ALTER TABLE shop.t ADD PARTITION p2 VALUES [("10"), ("20")) ("storage_medium" = "SSD") DISTRIBUTED BY HASH (k) BUCKETS 3`,
    `ALTER TABLE shop.t ADD PARTITION empty VALUES [("20"), ("30"))`,
    `ALTER TABLE shop.t ADD PARTITION rest VALUES [("30"), (MAXVALUE))`,
    "INSERT INTO shop.t VALUES (11, 2), (99, 3)",
  ]);
});

test("partitions on another medium, made by hand and by loads", async () => {
  await shop(
    `(k DATETIME NOT NULL, n INT) DUPLICATE KEY (k) PARTITION BY date_trunc('day', k) DISTRIBUTED BY HASH (k) BUCKETS 2 ${one}`,
    ["INSERT INTO shop.t VALUES ('2025-01-01 10:00:00', 1), ('2025-01-02 10:00:00', 2)"],
  );
  await comesBackAfter([
    `ALTER TABLE shop.t ADD PARTITIONS START ("2025-01-05") END ("2025-01-06") EVERY (INTERVAL 1 DAY)
     DISTRIBUTED BY HASH (k) BUCKETS 3 PROPERTIES ("storage_medium" = "SSD")`,
    "INSERT INTO shop.t VALUES ('2025-01-05 10:00:00', 3)",
  ]);
});

test("ranges of several columns", async () => {
  await shop(
    `(k INT NOT NULL, l INT NOT NULL, n INT) DUPLICATE KEY (k, l) PARTITION BY RANGE (k, l)
     (PARTITION p1 VALUES LESS THAN ("10", "5")) ${spread}`,
    ["INSERT INTO shop.t VALUES (1, 1, 1)"],
  );
  await comesBackAfter([
    `ALTER TABLE shop.t ADD PARTITION p2 VALUES LESS THAN ("20")`,
    "ALTER TABLE shop.t ADD PARTITION rest VALUES LESS THAN MAXVALUE",
    "INSERT INTO shop.t VALUES (10, 9, 2), (99, 1, 3)",
  ]);
});

const pairs = `(k INT NOT NULL, l INT NOT NULL, n INT) DUPLICATE KEY (k, l) PARTITION BY RANGE (k, l)
  (PARTITION p1 VALUES LESS THAN ("10", "5"))`;

/** More than all that comes later, so that the full is what the others are put into. */
const manyRows = `INSERT INTO shop.t VALUES ${Array.from({ length: 50 }, (_, n) => `(1, ${n}, ${n})`).join(", ")}`;

test("the last range of several columns, when the one before comes from a later backup", async () => {
  await shop(`${pairs} ${spread}`, [manyRows]);
  await comesBackAfterAll(
    [
      [
        `ALTER TABLE shop.t ADD PARTITION p2 VALUES LESS THAN ("20")`,
        "ALTER TABLE shop.t ADD PARTITION rest VALUES LESS THAN MAXVALUE",
        "INSERT INTO shop.t VALUES (10, 9, 2), (97, 1, 3), (98, 1, 3), (99, 1, 3)",
      ],
      ["INSERT INTO shop.t VALUES (11, 9, 4)"],
    ],
    "merge",
  );
});

test("the last range of several columns above a gap: the table goes whole", async () => {
  await shop(`${pairs} ${spread}`, [manyRows]);
  const notes = await comesBackAfterAll(
    [
      [
        `ALTER TABLE shop.t ADD PARTITION p2 VALUES LESS THAN ("20")`,
        "ALTER TABLE shop.t ADD PARTITION rest VALUES LESS THAN MAXVALUE",
        "INSERT INTO shop.t VALUES (10, 9, 2), (99, 1, 3)",
      ],
      ["ALTER TABLE shop.t DROP PARTITION p2"],
    ],
    "alias",
  );
  expect(notes).toContainEqual(expect.stringMatching(/^shop\.t is copied whole: .*partition rest/));
});

test("days that were all merged into months: the table goes whole", async () => {
  await shop(
    `(k DATETIME NOT NULL, n INT) DUPLICATE KEY (k) PARTITION BY date_trunc('day', k) DISTRIBUTED BY HASH (k) BUCKETS 2 ${one}`,
    [
      "INSERT INTO shop.t VALUES ('2025-01-01 10:00:00', 1), ('2025-02-02 10:00:00', 2)",
      "ALTER TABLE shop.t PARTITION BY date_trunc('month', k) BETWEEN '2025-01-01' AND '2025-02-28'",
    ],
  );
  const notes = await comesBackAfter(["INSERT INTO shop.t VALUES ('2025-02-05 10:00:00', 3)"], "alias");
  expect(notes).toContainEqual(
    expect.stringMatching(/^shop\.t is copied whole: .*its partition p202502 again: its ranges were merged/),
  );
});

test("an expression and a column: automatic lists over a generated column", async () => {
  await shop(
    `(k DATETIME NOT NULL, c VARCHAR(9) NOT NULL, n INT) DUPLICATE KEY (k)
     PARTITION BY date_trunc('day', k), c DISTRIBUTED BY HASH (k) BUCKETS 2 ${one}`,
    ["INSERT INTO shop.t VALUES ('2025-01-01 10:00:00', 'us', 1), ('2025-01-01 10:00:00', 'de', 2)"],
  );
  await comesBackAfter([
    "INSERT INTO shop.t VALUES ('2025-01-02 10:00:00', 'US', 3)",
    "ALTER TABLE shop.t ADD PARTITION empty VALUES IN (('2025-01-03', 'de'))",
  ]);
});

test("lists with quotes, backslashes, line ends, empty text and several columns", async () => {
  await shop(
    `(k VARCHAR(20) NOT NULL, l INT NOT NULL, n INT) DUPLICATE KEY (k, l) PARTITION BY LIST (k, l)
     (PARTITION p1 VALUES IN (("a", "1"))) ${spread}`,
    ["INSERT INTO shop.t VALUES ('a', 1, 1)"],
  );
  await comesBackAfter([
    String.raw`ALTER TABLE shop.t ADD PARTITION p2 VALUES IN (('it\'s', '2'), ('say "so"', '2'), ('back\\slash', '2'))`,
    String.raw`ALTER TABLE shop.t ADD PARTITION p3 VALUES IN (('two\nlines', '3'), ('', '3'))`,
    String.raw`INSERT INTO shop.t VALUES ('it\'s', 2, 2), ('back\\slash', 2, 3), ('two\nlines', 3, 4), ('', 3, 5)`,
  ]);
});

test("automatic lists whose values differ in case or blanks only keep their partitions' names", async () => {
  await shop(`(k VARCHAR(20) NOT NULL, n INT) DUPLICATE KEY (k) PARTITION BY (k) ${spread}`, [
    "INSERT INTO shop.t VALUES ('de', 1)",
  ]);
  await comesBackAfter([
    "INSERT INTO shop.t VALUES ('us', 2)",
    "INSERT INTO shop.t VALUES ('US', 3)",
    "INSERT INTO shop.t VALUES ('Us', 4)",
    "INSERT INTO shop.t VALUES ('b c', 5)",
    "INSERT INTO shop.t VALUES ('bc', 6)",
    "INSERT INTO shop.t VALUES ('b-c', 7)",
  ]);
});

test("automatic ranges, an empty one among them", async () => {
  await shop(
    `(k DATETIME NOT NULL, n INT) DUPLICATE KEY (k) PARTITION BY date_trunc('day', k) DISTRIBUTED BY HASH (k) BUCKETS 2 ${one}`,
    ["INSERT INTO shop.t VALUES ('2025-01-01 10:00:00', 1), ('2025-01-02 10:00:00', 2)"],
  );
  await comesBackAfter([
    "INSERT INTO shop.t VALUES ('2025-01-05 10:00:00', 3)",
    "INSERT INTO shop.t VALUES ('2025-01-06 10:00:00', 4)",
    "TRUNCATE TABLE shop.t PARTITION (p20250106)",
  ]);
});

test("automatic ranges of NULL and of the last day there is, which only a load makes", async () => {
  await shop(
    `(n INT, k DATE) DUPLICATE KEY (n) PARTITION BY date_trunc('day', k) DISTRIBUTED BY HASH (n) BUCKETS 1 ${one}`,
    ["INSERT INTO shop.t VALUES (1, '2025-01-01'), (2, '2025-01-01'), (3, NULL), (4, '9999-12-31')"],
  );
  const notes = await comesBackAfter(["INSERT INTO shop.t VALUES (5, NULL), (6, '9999-12-31')"]);
  expect(notes).toEqual([]);
});

test("an empty range that only a load makes is named, and comes with its first row", async () => {
  await shop(
    `(k DATETIME NOT NULL, n INT) DUPLICATE KEY (k) PARTITION BY time_slice(k, INTERVAL 7 DAY) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`,
    ["INSERT INTO shop.t VALUES ('2025-01-01 10:00:00', 1)"],
  );
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.t VALUES ('2025-02-01 10:00:00', 2)");
  await it.client.run("INSERT INTO shop.t VALUES ('2025-03-01 10:00:00', 3)");
  const before = await seen();
  const empty = String(before.partitions[1]?.["PARTITION_NAME"]);
  await it.client.run(`TRUNCATE TABLE shop.t PARTITION (${empty})`);
  await it.backUp({ group: "g", type: "incremental" });
  await it.client.run("DROP TABLE shop.t FORCE");

  const result = await it.restore({ tables: ["shop.t"], target_time: "2099-01-01 00:00" });
  const notice = `empty partition ${empty} is not there: only a load makes it, and the first row that needs it brings it back`;
  expect(result["restored"]).toMatchObject([{ strategy: "merge", notices: [notice] }]);
  expect(String(result["html"])).toContain(notice);
  expect((await seen()).partitions).toEqual(before.partitions.filter((_, n) => n !== 1));
  await it.client.run("INSERT INTO shop.t VALUES ('2025-02-01 10:00:00', 2)");
  expect(await seen()).toEqual(before);
});

test("a list with NULL goes whole into the increment, which says why", async () => {
  await shop(
    `(n INT, k VARCHAR(20)) DUPLICATE KEY (n) PARTITION BY LIST (k)
     (PARTITION none VALUES IN (NULL), PARTITION a VALUES IN ('a')) DISTRIBUTED BY HASH (n) BUCKETS 1 ${one}`,
    ["INSERT INTO shop.t VALUES (1, NULL), (2, 'a')"],
  );
  const notes = await comesBackAfter(["INSERT INTO shop.t VALUES (3, NULL)"], "alias");
  expect(notes).toContainEqual(
    expect.stringMatching(
      /^shop\.t is copied whole: StarRocks shows NULL and the text 'NULL' alike in the values of its partition none\./,
    ),
  );
});
