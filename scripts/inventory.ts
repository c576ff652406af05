import * as z from "zod";
import { changeInventory } from "../lib/operations/catalog/inventory.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { groupName, starrocksResource, tableNames } from "../lib/windmill/fields.ts";
import { renderInventory } from "../lib/windmill/results/inventory.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Show or change the backup inventory",
  description:
    "Lists which tables are backed up together, and adds tables to a group or removes them from it. `database.*` means every table the database has when a backup runs.",
  input: z
    .object({
      starrocks: starrocksResource,
      group: groupName.optional(),
      add: tableNames
        .optional()
        .meta({ title: "Add", description: "Tables to add: database.table or database.*" }),
      remove: tableNames
        .optional()
        .meta({ title: "Remove", description: "Tables to remove, as they are listed." }),
    })
    .refine((input) => input.group !== undefined || (input.add === undefined && input.remove === undefined), {
      path: ["group"],
      error: "write the group to add tables to, or to remove them from",
    }),
  run: async ({ starrocks, group, add = [], remove = [] }) =>
    renderInventory(await changeInventory(clusterSettings(starrocks), { group, add, remove })),
});
