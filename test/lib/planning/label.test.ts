import fc from "fast-check";
import { expect, test } from "vitest";
import { secondsLater } from "../../../lib/instants.ts";
import { backupLabel } from "../../../lib/planning/label.ts";

test("a label says database, instant and type", () => {
  expect(backupLabel("sales_db", "2025-11-25 14:30:22", "full")).toBe("sales_db_20251125_143022_full");
});

test("whatever the database's name, a label is safe in paths and globs and fits the history's key", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 300, unit: "grapheme" }), (database) => {
      const label = backupLabel(database, "2025-11-25 14:30:22", "incremental");
      expect(label).toMatch(/^[A-Za-z0-9_]+$/);
      expect(Buffer.byteLength(label)).toBeLessThan(120);
    }),
  );
});

test("two databases whose names differ only in odd characters get different labels", () => {
  const at = "2025-11-25 14:30:22";
  expect(backupLabel("my-db", at, "full")).not.toBe(backupLabel("my.db", at, "full"));
});

test("the next second may be in the next year", () => {
  expect(secondsLater("2025-12-31 23:59:59", 1)).toBe("2026-01-01 00:00:00");
});
