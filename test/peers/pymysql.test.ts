import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StarRocks, startStarRocks } from "../../local/starrocks/server.ts";
import { run } from "./program.ts";
import { pythonWith } from "./python.ts";

/** Python's two common drivers, which build packets on their own. */
const python = await pythonWith("pymysql", "mysql-connector-python");
const why = typeof python === "string" ? python : undefined;

const drivers = [
  ["pymysql", "import pymysql as driver"],
  ["mysql-connector-python", "import mysql.connector as driver"],
] as const;

const script = (load: string, port: number): string => `
${load}
c = driver.connect(host="127.0.0.1", port=${port}, user="root", password="secret")
k = c.cursor()
def rows(sql):
    k.execute(sql)
    return k.fetchall()
k.execute("CREATE DATABASE IF NOT EXISTS py")
k.execute("DROP TABLE IF EXISTS py.t")
k.execute("CREATE TABLE py.t (id INT, d DECIMAL(10, 2), at DATETIME, s VARCHAR(40)) PROPERTIES ('replication_num' = '1')")
k.execute("INSERT INTO py.t VALUES (%s, %s, %s, %s)", (1, "2.50", "2025-01-02 03:04:05", "it's \\\\ ☃ 🧀"))
print(k.rowcount)
c.commit()
print(rows("SELECT id, d, at, s FROM py.t"))
print([row[0] for row in rows("SHOW TABLES FROM py")])
try:
    rows("SELECT * FROM py.nope")
except Exception as error:
    print(error.args[0])
c.close()
`;

describe.skipIf(why !== undefined)(
  why === undefined ? "Python drivers" : `Python drivers (skipped: ${why})`,
  () => {
    let server: StarRocks;
    beforeAll(async () => {
      server = await startStarRocks({ rootPassword: "secret" });
    });
    afterAll(async () => {
      await server.close();
      if (typeof python !== "string") python.remove();
    });

    test.each(drivers)("%s writes and reads every kind of value", async (_name, load) => {
      if (typeof python === "string") return;
      const { code, stdout, stderr } = await run(python.program("python"), ["-"], {
        input: script(load, server.port),
        env: { PYTHONUTF8: "1" },
      });
      expect(stderr).toBe("");
      expect(code).toBe(0);
      expect(stdout.trim().split("\n")).toEqual([
        "1",
        expect.stringMatching(
          /^[[(]+1, Decimal\('2\.50'\), datetime\.datetime\(2025, 1, 2, 3, 4, 5\), "it's \\\\ ☃ 🧀"/,
        ),
        "['t']",
        "5502",
      ]);
    });
  },
);
