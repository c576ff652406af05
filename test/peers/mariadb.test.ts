import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StarRocks, startStarRocks } from "../../local/starrocks/server.ts";
import { answers, run } from "./program.ts";

/** The command line of MariaDB: a client written for another server must find its way. */
const installed = await answers("mariadb", "--version");

describe.skipIf(!installed)(
  installed ? "the mariadb command line" : "the mariadb command line (skipped: it is not installed)",
  () => {
    let server: StarRocks;
    beforeAll(async () => {
      server = await startStarRocks({ tickMs: 20, rootPassword: "secret" });
    });
    afterAll(() => server.close());

    const mariadb = (input: string, ...args: readonly string[]) =>
      run("mariadb", ["-h", server.host, "-P", String(server.port), "-u", "root", "-psecret", ...args], {
        input,
      });

    test("connects and asks for the status", async () => {
      const { code, stdout } = await mariadb("status\n");
      expect(code).toBe(0);
      expect(stdout).toContain("Current user:\t\t'root'@'%'");
      expect(stdout).toContain("StarRocks version 3.5.2");
    });

    test("is refused with a wrong password", async () => {
      const { code, stderr } = await run("mariadb", [
        ...["-h", server.host, "-P", String(server.port), "-u", "root", "-pwrong"],
      ]);
      expect(code).not.toBe(0);
      expect(stderr).toContain("ERROR 1045 (28000)");
    });

    test("makes, describes, fills and reads a table", async () => {
      const { code, stdout, stderr } = await mariadb(
        `create database shop; use shop;
         create table orders (id bigint not null, day date, item varchar(20)) duplicate key(id) properties('replication_num'='1');
         insert into orders values (1, '2025-01-01', 'Käse 🧀'), (2, null, null);
         show tables; describe orders; select * from orders order by id;`,
        "--batch",
        "--default-character-set=utf8mb4",
      );
      expect(stderr).toBe("");
      expect(code).toBe(0);
      expect(stdout.trim().split("\n")).toEqual([
        "Tables_in_shop",
        "orders",
        "Field\tType\tNull\tKey\tDefault\tExtra",
        "id\tbigint\tNO\ttrue\tNULL\t",
        "day\tdate\tYES\tfalse\tNULL\t",
        "item\tvarchar(20)\tYES\tfalse\tNULL\t",
        "id\tday\titem",
        "1\t2025-01-01\tKäse 🧀",
        "2\tNULL\tNULL",
      ]);
    });

    test("completes names, which asks for the fields of every table", async () => {
      const { code, stderr } = await mariadb("use shop\nselect 1;\n", "--auto-rehash");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    });

    test("reports errors with their code, state and line", async () => {
      const { code, stderr } = await mariadb("select 1;\nselect * from nowhere.t;\n");
      expect(code).toBe(1);
      expect(stderr).toContain(
        "ERROR 5501 (3F000) at line 2: Getting analyzing error. Detail message: Unknown database 'nowhere'.",
      );
    });

    test("backs up and restores", async () => {
      const { stderr } = await mariadb(
        `create repository repo with broker on location "s3://bucket/x" properties ("aws.s3.region" = "x");
         backup snapshot shop.first to repo on (orders);`,
      );
      expect(stderr).toBe("");
      await expect
        .poll(async () => (await mariadb("show backup from shop\\G")).stdout, { timeout: 10_000 })
        .toContain("State: FINISHED");
    });
  },
);
