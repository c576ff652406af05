import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";
import { one } from "../../support/jobs.ts";

let embedded: Embedded;

beforeAll(async () => {
  embedded = await startEmbedded({ backends: 2 });
});
afterAll(() => embedded.close());
beforeEach(async () => {
  await embedded.client.run("DROP DATABASE IF EXISTS d FORCE");
  await embedded.client.run("CREATE DATABASE d");
});

const run = (sql: string) => embedded.client.run(sql);
const refusal = async (sql: string) => (await embedded.client.refusal(sql)).message;
const analyzed = (text: string) => `Getting analyzing error. Detail message: ${text}.`;

const ranges = (more = "") =>
  `CREATE TABLE d.r (k INT, v DOUBLE) DUPLICATE KEY (k) PARTITION BY RANGE (k) (PARTITION a VALUES LESS THAN ('1')) DISTRIBUTED BY HASH (k) PROPERTIES ("replication_num" = "1"${more})`;
const replicas = async () =>
  Object.fromEntries(
    (await embedded.client.rows("SHOW PARTITIONS FROM d.r")).map((row) => [
      row["PartitionName"],
      row["ReplicationNum"],
    ]),
  );
const tooMany = analyzed(
  "Table replication num should be less than of equal to the number of available BE nodes. You can change this default by setting the replication_num table properties. Current alive backend is [1001,1002].",
);

describe("replication_num", () => {
  test("of a partition added or modified is its own", async () => {
    await run(ranges());
    await run(`ALTER TABLE d.r ADD PARTITION b VALUES LESS THAN ('2') ("replication_num" = "2")`);
    await run(`ALTER TABLE d.r ADD PARTITION c VALUES LESS THAN ('3') PROPERTIES ("replication_num" = "2")`);
    await run(`ALTER TABLE d.r ADD PARTITION e VALUES LESS THAN ('4')`);
    expect(await replicas()).toEqual({ a: "1", b: "2", c: "2", e: "1" });
    await run(`ALTER TABLE d.r MODIFY PARTITION (a, c) SET ("replication_num" = "2")`);
    await run(`ALTER TABLE d.r MODIFY PARTITION c SET ("replication_num" = "1")`);
    expect(await replicas()).toEqual({ a: "2", b: "2", c: "1", e: "1" });
    await run(`ALTER TABLE d.r MODIFY PARTITION (*) SET ("replication_num" = "2")`);
    expect(await replicas()).toEqual({ a: "2", b: "2", c: "2", e: "2" });
    expect(await refusal(`ALTER TABLE d.r MODIFY PARTITION z SET ("replication_num" = "2")`)).toBe(
      "Partition[z] does not exist in table[r]",
    );
  });

  test("of a table is the default of partitions to come, and of the only partition", async () => {
    await run(ranges());
    await run(`ALTER TABLE d.r SET ("default.replication_num" = "2")`);
    await run(`ALTER TABLE d.r ADD PARTITION b VALUES LESS THAN ('2')`);
    expect(await replicas()).toEqual({ a: "1", b: "2" });
    expect(await refusal(`ALTER TABLE d.r SET ("replication_num" = "2")`)).toMatch(
      /^This is a range partitioned table, you should specify partitions with MODIFY PARTITION clause/,
    );
    await run(`CREATE TABLE d.t (k INT) ${one}`);
    await run(`ALTER TABLE d.t SET ("replication_num" = "2")`);
    expect(await embedded.client.rows("SHOW PARTITIONS FROM d.t")).toMatchObject([{ ReplicationNum: "2" }]);
  });

  test("cannot exceed the backends that are alive", async () => {
    await run(ranges());
    await run(`CREATE TABLE d.t (k INT) ${one}`);
    for (const sql of [
      `ALTER TABLE d.t SET ("replication_num" = "3")`,
      `ALTER TABLE d.t SET ("default.replication_num" = "3")`,
      `ALTER TABLE d.r ADD PARTITION b VALUES LESS THAN ('2') ("replication_num" = "3")`,
      `ALTER TABLE d.r MODIFY PARTITION a SET ("replication_num" = "3")`,
    ])
      expect(await refusal(sql)).toBe(tooMany);
    expect(await refusal(`ALTER TABLE d.t SET ("replication_num" = "0")`)).toBe(
      analyzed("Replication num should larger than 0"),
    );
    expect(await replicas()).toEqual({ a: "1" });
  });
});

describe("CREATE TABLE", () => {
  test.each([
    ['"colour" = "red"', "Unknown properties: {colour=red}"],
    ['"bloom_filter_columns" = "nope"', "Invalid bloom filter column 'nope': not exists"],
    ['"bloom_filter_columns" = "v"', "Invalid bloom filter column 'v': unsupported type DOUBLE"],
    [
      '"bloom_filter_columns" = "k", "bloom_filter_fpp" = "0.5"',
      analyzed("Bloom filter fpp should in [1.0E-4, 0.05]"),
    ],
    ['"storage_medium" = "TAPE"', "Invalid storage medium: TAPE"],
    ['"compression" = "rar"', "unknown compression type: rar"],
    ['"write_quorum" = "SOME"', "unknown write quorum: SOME"],
    ['"partition_live_number" = "0"', analyzed("Illegal Partition Live Number: 0")],
    ['"binlog_enable" = "true"', /binlog_enable/],
    ['"dynamic_partition.time_unit" = "DAY"', "Must assign dynamic_partition.end properties"],
    ['"dynamic_partition.end" = "3"', "Must assign dynamic_partition.time_unit properties"],
    [
      '"dynamic_partition.time_unit" = "DAY", "dynamic_partition.end" = "0"',
      "Dynamic partition end must greater than 0",
    ],
  ])("refuses %s", async (properties, message) => {
    expect(await refusal(ranges(`, ${properties}`))).toMatch(message);
  });

  test("takes BUCKETS 0 as no number", async () => {
    await run(`CREATE TABLE d.t (k INT) DISTRIBUTED BY HASH (k) BUCKETS 0 ${one}`);
    expect((await embedded.client.rows("SHOW PARTITIONS FROM d.t"))[0]).toMatchObject({ Buckets: "1" });
  });

  test.each([
    ["(k INT, v INT) ORDER BY (nope)", analyzed("Unknown column 'nope' does not exist")],
    [
      "(k INT, v INT) UNIQUE KEY (k) ORDER BY (v)",
      analyzed("The sort columns of UNIQUE KEY table must be same with key columns"),
    ],
    [
      "(k INT, v DOUBLE) PRIMARY KEY (k) ORDER BY (v)",
      analyzed("sort key column[v] type not supported: DOUBLE"),
    ],
  ])("refuses %s", async (definition, message) => {
    const [columns = "", order = ""] = definition.split(" ORDER");
    expect(await refusal(`CREATE TABLE d.t ${columns} DISTRIBUTED BY HASH (k) ORDER${order} ${one}`)).toBe(
      message,
    );
  });
});

describe("ALTER TABLE", () => {
  const refused = (text: string) => ({ code: 5064, sqlState: "42000", message: analyzed(text) });

  test.each([
    ['"colour" = "red"', refused("Unknown properties: {colour=red}")],
    ['"storage_medium" = "HDD"', refused("Unknown properties: {storage_medium=HDD}")],
    ['"write_quorum" = "ONE", "in_memory" = "false"', refused("Can only set one table property at a time")],
    ['"write_quorum" = "SOME"', refused("Property write_quorum not valid")],
    ['"replicated_storage" = "yes"', refused("Property replicated_storage must be bool type(false/true)")],
    [
      '"bloom_filter_columns" = "v"',
      { code: 1064, sqlState: "HY000", message: "Invalid bloom filter column 'v': unsupported type DOUBLE" },
    ],
  ])("SET refuses %s", async (properties, failure) => {
    await run(ranges());
    expect(await embedded.client.refusal(`ALTER TABLE d.r SET (${properties})`)).toEqual(failure);
  });

  test("SET keeps what it knows, and says what is not modelled", async () => {
    await run(ranges());
    await run(`ALTER TABLE d.r SET ("write_quorum" = "ONE")`);
    await run(`ALTER TABLE d.r SET ("default.storage_medium" = "SSD")`);
    const [shown] = await embedded.client.rows("SHOW CREATE TABLE d.r");
    expect(String(shown?.["Create Table"])).toContain(`"storage_medium" = "SSD",\n"write_quorum" = "ONE"`);
    expect(await refusal(`ALTER TABLE d.r SET ("dynamic_partition.enable" = "false")`)).toBe(
      "Table d.r is not a dynamic partition table.",
    );
    expect(await refusal(`ALTER TABLE d.r SET ("flat_json.enable" = "true")`)).toMatch(
      /is not supported by the embedded StarRocks$/,
    );
  });

  test("DISTRIBUTED BY needs columns of the table", async () => {
    await run(ranges());
    expect(await refusal("ALTER TABLE d.r DISTRIBUTED BY HASH (nope) BUCKETS 3")).toBe(
      analyzed("Distribution column(nope) doesn't exist."),
    );
    await run("INSERT INTO d.r VALUES (0, 1)");
    expect(await embedded.client.rows("SELECT * FROM d.r")).toEqual([{ k: 0, v: 1 }]);
  });
});
