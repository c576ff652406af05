import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StarRocks, startStarRocks } from "../../local/starrocks/server.ts";
import { type Client, connectTo } from "../support/client.ts";
import { type Outcome, run } from "./program.ts";
import { pythonWith } from "./python.ts";

/**
 * The Python tool people use today, from its package registry, unchanged: what works with a real cluster works here,
 * and what a real cluster refuses is refused here in the same words.
 */
const python = await pythonWith("starrocks-br");
const why = typeof python === "string" ? python : undefined;

describe.skipIf(why !== undefined)(
  why === undefined ? "starrocks-br" : `starrocks-br (skipped: ${why})`,
  () => {
    let server: StarRocks;
    let client: Client;
    let config = "";

    beforeAll(async () => {
      if (typeof python === "string") return;
      // Its tables ask for the default of three replicas.
      server = await startStarRocks({ tickMs: 50, backends: 3 });
      client = await connectTo({ host: server.host, port: server.port, user: "root" });
      await client.run("CREATE DATABASE sales");
      await client.run(
        `CREATE TABLE sales.orders (id BIGINT NOT NULL, day DATE NOT NULL, item VARCHAR(20)) DUPLICATE KEY (id, day)
       PARTITION BY RANGE (day) (PARTITION p1 VALUES [("2025-01-01"), ("2025-01-02")), PARTITION p2 VALUES [("2025-01-02"), ("2025-01-03")))
       DISTRIBUTED BY HASH (id) BUCKETS 2`,
      );
      await client.run("INSERT INTO sales.orders VALUES (1, '2025-01-01', 'a'), (2, '2025-01-02', 'b')");
      await client.run(
        `CREATE REPOSITORY repo WITH BROKER ON LOCATION "s3://bucket/x" PROPERTIES ("aws.s3.region" = "x")`,
      );
      config = join(python.home, "config.yaml");
      writeFileSync(
        config,
        `host: "${server.host}"
port: ${server.port}
user: root
database: sales
repository: repo
table_inventory:
  - group: shop
    tables:
      - database: sales
        table: orders
`,
      );
    });
    afterAll(async () => {
      client?.connection.destroy();
      await server?.close();
      if (typeof python !== "string") python.remove();
    });

    const tool = (...args: readonly string[]): Promise<Outcome> => {
      if (typeof python === "string") throw new Error(python);
      return run(python.program("starrocks-br"), [...args, "--config", config], {
        env: { STARROCKS_PASSWORD: "", PYTHONUTF8: "1" },
      });
    };

    const labelOf = async (type: string): Promise<string> => {
      const [row] = await client.rows(`SELECT label FROM ops.backup_history WHERE backup_type = '${type}'`);
      return String(row?.["label"]);
    };

    test("init makes its tables", async () => {
      const { code, stderr } = await tool("init");
      expect(stderr).toContain("Schema initialized successfully");
      expect(code).toBe(0);
    });

    test("backup full succeeds", async () => {
      const { code, stderr } = await tool("backup", "full", "--group", "shop");
      expect(stderr).toContain("Backup completed successfully: FINISHED");
      expect(code).toBe(0);
      expect(await client.rows("SHOW SNAPSHOT ON repo")).toMatchObject([{ Status: "OK" }]);
    });

    test("backup incremental takes the partition that changed", async () => {
      // Its baseline is compared with times of a second's resolution.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      await client.run("INSERT INTO sales.orders VALUES (3, '2025-01-02', 'c')");
      const { code, stderr } = await tool("backup", "incremental", "--group", "shop");
      expect(stderr).toContain("Found 1 partition(s) to backup");
      expect(stderr).toContain("Backup completed successfully: FINISHED");
      expect(code).toBe(0);
    });

    test("restore of a full swaps it into place", async () => {
      await client.run("DELETE FROM sales.orders PARTITIONS (p1, p2) WHERE id > 0");
      const { code, stderr } = await tool("restore", "--target-label", await labelOf("full"), "--yes");
      // Without replication_num the restore asks for three replicas, which the table has.
      expect(stderr).toContain("Restore completed successfully");
      expect(code).toBe(0);
      expect(await client.rows("SELECT count(*) AS n FROM sales.orders")).toEqual([{ n: "2" }]);
    });

    test("restore of an incremental fails as on a real cluster: its second RESTORE names a table the snapshot lacks", async () => {
      const label = await labelOf("incremental");
      const { code, stderr } = await tool("restore", "--target-label", label, "--yes");
      expect(code).toBe(1);
      expect(stderr).toContain(`Table orders_restored does not exist in snapshot ${label}`);
    });
  },
);
