import { expect, test } from "vitest";
import * as z from "zod";
import { inputFaults } from "../../../lib/windmill/forms/input-faults.ts";

const typed = (value: unknown) => (typeof value === "string" ? Number(value) : value);

const form = z.object({
  cluster: z
    .object({
      host: z.string().meta({ title: "Host" }),
      port: z.preprocess(typed, z.number().int().min(1).max(65535)).default(9030).meta({ title: "Port" }),
      ssl: z.boolean().default(false).meta({ title: "Use TLS" }),
    })
    .meta({ title: "Connection", format: "resource-starrocks" }),
  group: z.string().max(5).meta({ title: "Group" }),
  type: z.enum(["full", "incremental", "auto"]).default("auto").meta({ title: "Type" }),
  tables: z.array(z.string().trim().regex(/\./, "write database.table")).optional().meta({ title: "Tables" }),
  chain: z.number().int().min(2).optional().meta({ title: "Longest chain" }),
  share: z.number().max(1).nullable().optional().meta({ title: "Share" }),
  count: z.number().int().optional().meta({ title: "Count" }),
  label: z.string().meta({ title: "Label" }).optional(),
  code: z.string().regex(/^\d+$/).transform(Number).pipe(z.number()).optional().meta({ title: "Code" }),
  untitled: z.string().optional(),
});

const cluster = { host: "fe1" };
const good = { cluster, group: "g" };

test.each([
  ["nothing", {}, ["Connection: choose a resource", "Group: is needed"]],
  ["a path that no resource has", { ...good, cluster: "$res:f/x" }, ["Connection: choose a resource"]],
  ["a resource without a host", { ...good, cluster: {} }, ["Connection, Host: is needed"]],
  [
    "a port that is no port",
    { ...good, cluster: { ...cluster, port: 70000 } },
    ["Connection, Port: write a whole number from 1 to 65535"],
  ],
  [
    "a port that is no number",
    { ...good, cluster: { ...cluster, port: "query_port" } },
    ["Connection, Port: write a whole number from 1 to 65535"],
  ],
  [
    "a word for a switch",
    { ...good, cluster: { ...cluster, ssl: "x" } },
    ["Connection, Use TLS: choose yes or no"],
  ],
  ["a type that there is not", { ...good, type: "all" }, ["Type: choose full, incremental or auto"]],
  ["a name that is none", { ...good, tables: ["a.b", "c"] }, ["Tables, entry 2: write database.table"]],
  ["a number for a name", { ...good, tables: [1] }, ["Tables, entry 1: write a text"]],
  ["a text for a list", { ...good, tables: "a.b" }, ["Tables: give a list"]],
  ["half a number", { ...good, chain: 2.5 }, ["Longest chain: write a whole number of at least 2"]],
  ["too large a number", { ...good, share: 2 }, ["Share: write a number of at most 1"]],
  ["no number", { ...good, count: "x" }, ["Count: write a whole number"]],
  ["too long a text", { ...good, group: "group1" }, ["Group: write at most 5 characters"]],
  ["a title further in", { ...good, label: 1 }, ["Label: write a text"]],
  ["another form", { ...good, code: "x" }, ["Code: write a text of the form that is described"]],
  ["a field without a title", { ...good, untitled: 1 }, ["untitled: write a text"]],
  ["what is right", { ...good, tables: [" a.b "], chain: 3 }, []],
])("%s is said with the field's title and what to write", (_, given, faults) => {
  expect(inputFaults(form, given)).toEqual(faults);
});

test("what a whole form refuses is said as it is written", () => {
  const either = form.refine((given) => given.group !== "g", "give another group");
  expect(inputFaults(either, good)).toEqual(["give another group"]);
});
