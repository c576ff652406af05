import { expect, expectTypeOf, test } from "vitest";
import { type BackupStatus, readFinishedBackups } from "../../../lib/catalog/history.ts";
import { select } from "../../../lib/catalog/sql/read.ts";
import { backupHistory } from "../../../lib/catalog/tables/backup-history.ts";
import { backupPartitions } from "../../../lib/catalog/tables/backup-partitions.ts";
import { backupTables } from "../../../lib/catalog/tables/backup-tables.ts";
import { restoreHistory } from "../../../lib/catalog/tables/restore-history.ts";
import { runs } from "../../../lib/catalog/tables/runs.ts";
import { BackupError } from "../../../lib/errors.ts";
import type { Value } from "../../../lib/starrocks/session.ts";
import { catalogOf } from "./fixtures.ts";

test("a row has the types of its columns", async () => {
  const catalog = catalogOf([
    { status: "FINISHED", finished_at: null, byte_count: "9007199254740991", left_out: null, age: null },
  ]);
  const [row] = await select(
    catalog,
    {
      from: backupHistory,
      fields: ["status", "finishedAt", "bytes", "leftOut"],
      computed: { age: "1" },
    },
    "read",
  );
  expect(row).toEqual({
    status: "FINISHED",
    finishedAt: undefined,
    bytes: 9007199254740991,
    leftOut: [],
    age: 0,
  });
  expectTypeOf(row).toEqualTypeOf<
    | ({
        readonly status: BackupStatus;
        readonly finishedAt: string | undefined;
        readonly bytes: number;
        readonly leftOut: readonly Readonly<{ object: string; reason: string }>[];
      } & { readonly age: number })
    | undefined
  >();
});

test("a flag is read however the version prints it", async () => {
  for (const [stored, flag] of [
    [1, true],
    ["0", false],
    ["true", true],
    ["FALSE", false],
  ] as const) {
    const query = { from: backupTables, fields: ["automatic"] } as const;
    expect(await select(catalogOf([{ automatic: stored }]), query, "read")).toEqual([{ automatic: flag }]);
  }
});

test("a list is read from text with commas", async () => {
  const query = { from: restoreHistory, fields: ["restoredIds"] } as const;
  const read = async (stored: Value) =>
    (await select(catalogOf([{ restored_partition_ids: stored }]), query, "read"))[0]?.restoredIds;
  expect(await read("12,15")).toEqual(["12", "15"]);
  expect(await read("")).toEqual([]);
  expect(await read(null)).toEqual([]);
});

test("a manifest that starrocks-br wrote holds its partitions", async () => {
  const query = { from: backupPartitions, fields: ["presence", "fingerprint", "rows"] } as const;
  expect(
    await select(catalogOf([{ presence: null, fingerprint: null, row_count: null }]), query, "read"),
  ).toEqual([{ presence: "held", fingerprint: "", rows: 0 }]);
});

test.each([
  ["a word that the column does not know", { state: "LOST" }, "state"],
  ["no text where some must be", { run_id: null }, "run_id"],
  ["no instant", { created_at: "yesterday" }, "created_at"],
  ["an instant of nothing", { heartbeat_at: "" }, "heartbeat_at"],
])("%s is refused, and the error names table and column", async (_, wrong, column) => {
  const row = { run_id: "r1", state: "PLANNED", created_at: "2026-01-02 03:04:05", heartbeat_at: null };
  const reading = select(
    catalogOf([{ ...row, ...wrong }]),
    { from: runs, fields: ["runId", "state", "createdAt", "heartbeatAt"] },
    "read",
  );
  await expect(reading).rejects.toThrow(BackupError);
  await expect(reading).rejects.toMatchObject({
    code: "UNEXPECTED_RESULT",
    message: expect.stringMatching(new RegExp(`\\bruns\\b.* \\b${column}\\b`)),
  });
});

test.each([
  ["part", "1.5"],
  ["row_count", "many"],
  ["byte_count", "9007199254740993"],
  ["left_out", '{"object": "t"}'],
  ["left_out", "no JSON"],
  ["left_out", undefined],
])("a backup whose %s is %s is passed over, and named", async (column, stored) => {
  const whole: Readonly<Record<string, Value>> = {
    ...{ label: "l", backup_type: "full", status: "FINISHED", repository: "r", run_id: "b1" },
    ...{ started_at: "2026-01-02 03:04:05", finished_at: null, error_message: null, inventory_group: "g" },
    ...{ database_name: "d", baseline_label: null, snapshot_timestamp: null, cut_from: null, cut_to: null },
    ...{ table_count: 1, partition_count: 1, row_count: "1", byte_count: "1", part: 1, parts: 1, attempt: 1 },
    ...{ left_out: '[{"object": "t", "reason": "gone"}]', progress_mark: null, stillSeconds: "3" },
  };
  const { rows: found } = await readFinishedBackups(catalogOf([whole]));
  const [read] = found;
  expect(read).toMatchObject({ leftOut: [{ object: "t", reason: "gone" }], stillSeconds: 3 });

  const { [column]: _, ...others } = whole;
  const rows = [stored === undefined ? others : { ...others, [column]: stored }];
  // It does not keep the others from being read.
  const { rows: readable, unreadable } = await readFinishedBackups(catalogOf([...rows, whole]));
  expect(readable).toEqual([read]);
  expect(unreadable).toEqual([
    expect.stringMatching(
      new RegExp(`backup_history \\(label l, run_id b1.*\\) cannot be read: its column ${column} is`),
    ),
  ]);
});

test("a misfit's value is shown, but not all of a long one", async () => {
  const rows = [{ state: "x".repeat(10_000) }];
  const error = await select(catalogOf(rows), { from: runs, fields: ["state"] }, "read").catch(
    (caught: unknown) => caught,
  );
  expect(error).toMatchObject({ message: expect.stringContaining('"xxx') });
  expect(error instanceof Error && error.message.length).toBeLessThan(300);
});
