import { expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { byDefaultNow, now, optional, withDefault } from "../../../lib/catalog/sql/column.ts";
import { beginsWith, matching, notNull, secondsSince } from "../../../lib/catalog/sql/condition.ts";
import {
  addColumnsStatement,
  createTableStatement,
  missingColumns,
} from "../../../lib/catalog/sql/create.ts";
import {
  bigint,
  boolean,
  datetime,
  int,
  json,
  oneOf,
  string,
  varchar,
  wordList,
} from "../../../lib/catalog/sql/kinds.ts";
import { selectStatement } from "../../../lib/catalog/sql/read.ts";
import { column, defineTable, fieldsExcept } from "../../../lib/catalog/sql/table.ts";
import {
  copyStatement,
  deleteStatement,
  insertStatement,
  updateStatement,
} from "../../../lib/catalog/sql/write.ts";
import { catalogTables } from "../../../lib/catalog/tables/all.ts";
import { catalogOf } from "./fixtures.ts";

const jobs = defineTable({
  name: "jobs",
  comment: "What is done",
  model: "PRIMARY KEY",
  key: ["id"],
  columns: {
    id: varchar("job_id", 40, "Its name"),
    state: oneOf("state", 16, ["OPEN", "DONE"], "How far it got"),
    size: bigint("byte_count", "Bytes"),
    attempts: withDefault(int("attempts", "Tries"), 1),
    automatic: optional(boolean("automatic", "Whether nobody asked for it")),
    note: optional(string("note", "Anything")),
    endedAt: optional(datetime("ended_at", "When it ended")),
    pieces: withDefault(wordList("pieces", 100, "Its pieces"), []),
    skipped: withDefault(json("skipped", z.array(z.object({ name: z.string() })), "What was left out"), []),
    createdAt: byDefaultNow(datetime("created_at", "When the row was written")),
  },
});

const notes = defineTable({
  name: "notes",
  comment: "Not to be updated",
  model: "UNIQUE KEY",
  key: ["text"],
  columns: { text: varchar("note_text", 40, "The note") },
});

const catalog = catalogOf([]);
const job = { id: "j1", state: "OPEN", size: 5 } as const;

test("CREATE TABLE has the columns in the order of the declaration, and an explicit replication_num", () => {
  expect(createTableStatement("ops", jobs, 2)).toBe(
    [
      "CREATE TABLE IF NOT EXISTS `ops`.`jobs` (",
      "  `job_id` VARCHAR(40) NOT NULL,",
      "  `state` VARCHAR(16) NOT NULL,",
      "  `byte_count` BIGINT NOT NULL,",
      "  `attempts` INT NULL,",
      "  `automatic` BOOLEAN NULL,",
      "  `note` STRING NULL,",
      "  `ended_at` DATETIME NULL,",
      "  `pieces` VARCHAR(100) NULL,",
      "  `skipped` STRING NULL,",
      "  `created_at` DATETIME DEFAULT CURRENT_TIMESTAMP",
      ")",
      "PRIMARY KEY (`job_id`)",
      "COMMENT 'What is done'",
      "DISTRIBUTED BY HASH(`job_id`) BUCKETS 1",
      'PROPERTIES ("replication_num" = "2")',
    ].join("\n"),
  );
});

test("the tables of existing catalogs are made by the same text as ever", async () => {
  const statements = catalogTables.map((table) => `${createTableStatement("ops", table, 3)};`);
  await expect(`${statements.join("\n\n")}\n`).toMatchFileSnapshot("./create-catalog.sql");
});

test("the key of a table is its first columns", () => {
  for (const table of catalogTables) {
    expect(Object.keys(table.columns).slice(0, table.key.length)).toEqual(table.key);
  }
});

test("an encoded primary key stays below 128 bytes", () => {
  for (const table of catalogTables.filter(({ model }) => model === "PRIMARY KEY")) {
    const widths = table.key.map((field) => Number(/\d+/.exec(table.columns[field]?.type ?? "")?.[0] ?? 4));
    const encoded = widths.reduce((sum, width) => sum + width) + 2 * (widths.length - 1);
    expect(encoded, table.name).toBeLessThan(128);
  }
});

test("an older table gets the columns it lacks, in one statement", () => {
  const missing = missingColumns(
    jobs,
    new Set(["job_id", "state", "byte_count", "attempts", "automatic", "pieces", "skipped", "created_at"]),
  );
  expect(addColumnsStatement("ops", jobs, missing)).toBe(
    "ALTER TABLE `ops`.`jobs` ADD COLUMN (`note` STRING NULL, `ended_at` DATETIME NULL)",
  );
});

test("an INSERT names the columns that its rows have", () => {
  expect(insertStatement(catalog, jobs, [job])).toBe(
    "INSERT INTO `ops`.`jobs` (`job_id`, `state`, `byte_count`) VALUES ('j1', 'OPEN', 5)",
  );
});

test("an INSERT writes NULL where a row has nothing, and the FE's clock for now", () => {
  const rows = [
    { ...job, note: "it's", automatic: true, endedAt: now },
    { ...job, id: "j2", note: undefined, attempts: 2, endedAt: "2026-01-02 03:04:05" },
  ] as const;
  expect(insertStatement(catalog, jobs, rows)).toBe(
    "INSERT INTO `ops`.`jobs` (`job_id`, `state`, `byte_count`, `attempts`, `automatic`, `note`, `ended_at`) VALUES " +
      "('j1', 'OPEN', 5, NULL, true, 'it\\'s', now()), ('j2', 'OPEN', 5, 2, NULL, NULL, '2026-01-02 03:04:05')",
  );
});

test("an INSERT writes lists and JSON as text", () => {
  const row = { ...job, pieces: ["1", "2"], skipped: [{ name: "a" }] };
  expect(insertStatement(catalog, jobs, [row])).toContain(`'1,2', '[{\\"name\\":\\"a\\"}]'`);
});

test("an INSERT that must happen once has a load label", () => {
  expect(insertStatement(catalog, notes, [{ text: "x" }], "note_1")).toBe(
    "INSERT INTO `ops`.`notes` WITH LABEL `note_1` (`note_text`) VALUES ('x')",
  );
});

test("an UPDATE changes what it is given, and NULL is what undefined is written as", () => {
  const statement = updateStatement(
    catalog,
    jobs,
    { state: "DONE", endedAt: now, note: undefined },
    { id: "j1", state: "OPEN" },
  );
  expect(statement).toBe(
    "UPDATE `ops`.`jobs` SET `state` = 'DONE', `ended_at` = now(), `note` = NULL WHERE `job_id` = 'j1' AND `state` = 'OPEN'",
  );
});

test("a copy keeps every column but the replaced ones", () => {
  expect(copyStatement(catalog, jobs, { id: "'j2'", createdAt: "now()" }, { id: "j1" })).toBe(
    "INSERT INTO `ops`.`jobs` (`job_id`, `state`, `byte_count`, `attempts`, `automatic`, `note`, `ended_at`, `pieces`, " +
      "`skipped`, `created_at`) SELECT 'j2', `state`, `byte_count`, `attempts`, `automatic`, `note`, `ended_at`, `pieces`, " +
      "`skipped`, now() FROM `ops`.`jobs` WHERE `job_id` = 'j1'",
  );
});

test("a DELETE has a condition on columns", () => {
  expect(deleteStatement(catalog, jobs, { id: ["j1", "j2"] })).toBe(
    "DELETE FROM `ops`.`jobs` WHERE `job_id` IN ('j1', 'j2')",
  );
});

test("conditions compare, list, and ask for NULL or anything else", () => {
  expect(matching(jobs, { size: 5, state: ["OPEN"], note: null, endedAt: notNull })).toBe(
    "`byte_count` = 5 AND `state` IN ('OPEN') AND `note` IS NULL AND `ended_at` IS NOT NULL",
  );
  expect(beginsWith(jobs, "id", "j%")).toBe("left(`job_id`, 2) = 'j%'");
  expect(secondsSince(column(jobs, "endedAt"))).toBe("unix_timestamp(now()) - unix_timestamp(`ended_at`)");
});

test("a SELECT names its columns and what is computed", () => {
  const query = {
    from: jobs,
    fields: ["id", "endedAt"],
    computed: { age: "1 + 1" },
    where: "TRUE",
    orderBy: ["endedAt"],
  } as const;
  expect(selectStatement(catalog, query)).toBe(
    "SELECT `job_id`, `ended_at`, 1 + 1 AS age FROM `ops`.`jobs` WHERE TRUE ORDER BY `ended_at`",
  );
});

test("fields may be all of a table but some", () => {
  expect(fieldsExcept(jobs, "size", "attempts", "automatic", "note", "endedAt", "pieces", "skipped")).toEqual(
    ["id", "state", "createdAt"],
  );
});

test("wrong columns and values do not compile", () => {
  // The type check is the test: it fails where a line compiles that is marked. Nothing of this is run.
  expectTypeOf(() => {
    // @ts-expect-error a key that is no column
    defineTable({ ...notes, key: ["txt"] });
    // @ts-expect-error no such column
    insertStatement(catalog, jobs, [{ ...job, colour: "red" }]);
    const misspelt = [1, 2].map((size) => ({ ...job, size, atempts: 2 }));
    // @ts-expect-error nor when it comes from a variable
    insertStatement(catalog, jobs, misspelt);
    // @ts-expect-error a column that has no default is left out
    insertStatement(catalog, jobs, [{ id: "j1", state: "OPEN" }]);
    // @ts-expect-error text for a number
    insertStatement(catalog, jobs, [{ ...job, size: "5" }]);
    // @ts-expect-error a word that the column does not know
    insertStatement(catalog, jobs, [{ ...job, state: "LOST" }]);
    // @ts-expect-error NULL where none is allowed
    insertStatement(catalog, jobs, [{ ...job, size: undefined }]);
    // @ts-expect-error the clock for something else than an instant
    insertStatement(catalog, jobs, [{ ...job, note: now }]);
    // @ts-expect-error JSON of another form
    insertStatement(catalog, jobs, [{ ...job, skipped: [{ nam: "a" }] }]);
    // @ts-expect-error no such column
    updateStatement(catalog, jobs, { colour: "red" }, { id: "j1" });
    const change = { state: "DONE", colour: "red" } as const;
    // @ts-expect-error nor when it comes from a variable
    updateStatement(catalog, jobs, change, { id: "j1" });
    // @ts-expect-error a word that the column does not know
    updateStatement(catalog, jobs, { state: "LOST" }, { id: "j1" });
    // @ts-expect-error NULL where none is allowed
    updateStatement(catalog, jobs, { size: undefined }, { id: "j1" });
    // @ts-expect-error the key cannot be changed
    updateStatement(catalog, jobs, { id: "j2" }, { id: "j1" });
    // @ts-expect-error only PRIMARY KEY tables can be updated
    updateStatement(catalog, notes, {}, { text: "x" });
    // @ts-expect-error no such column
    matching(jobs, { colour: "red" });
    // @ts-expect-error a word that the column does not know
    matching(jobs, { state: ["OPEN", "LOST"] });
    // @ts-expect-error a condition that may be none
    matching(jobs, { state: undefined });
    // @ts-expect-error no such column
    column(jobs, "colour");
    // @ts-expect-error no such column
    selectStatement(catalog, { from: jobs, fields: ["colour"] });
  }).toBeFunction();
});
