import { datetime, int, string } from "../sql/kinds.ts";
import { defineTable } from "../sql/table.ts";

export const schemaMigrations = defineTable({
  name: "schema_migrations",
  comment: "Versions of the catalog that have been applied",
  model: "PRIMARY KEY",
  key: ["version"],
  columns: {
    version: int("version", "Counts from 1; scripts refuse a catalog of another version than theirs"),
    description: string("description", "What the version brought"),
    appliedAt: datetime("applied_at", "When `init` applied it"),
  },
});
