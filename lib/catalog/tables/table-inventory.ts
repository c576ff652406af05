import { byDefaultNow } from "../sql/column.ts";
import { datetime, varchar } from "../sql/kinds.ts";
import { defineTable } from "../sql/table.ts";

export const tableInventory = defineTable({
  name: "table_inventory",
  comment: "Which tables are backed up together; table_name '*' means all tables of the database",
  model: "UNIQUE KEY",
  key: ["group", "database", "table"],
  columns: {
    group: varchar("inventory_group", 255, "The group's name"),
    database: varchar("database_name", 255, "A database of the cluster"),
    table: varchar(
      "table_name",
      1024,
      "One of its tables, or `*` for all that it has when a backup is planned",
    ),
    createdAt: byDefaultNow(datetime("created_at", "When the row was written")),
    updatedAt: byDefaultNow(datetime("updated_at", "When the row was written last")),
  },
});
