import prettyBytes from "pretty-bytes";
import { isJsonObject, type Json, type JsonObject } from "../../windmill/json.ts";
import type { Approval, Suspended } from "../windmill/run-context.ts";
import { type Checksums, checksums, differences, partitionNames } from "./checksums.ts";
import type { Client } from "./client.ts";
import { list, type Workspace } from "./flows.ts";
import { business, changedPartitions, dayPartition, openShop } from "./shop.ts";
import { showHtml } from "./shown-html.ts";
import { StoryFailed, type Terminal } from "./terminal.ts";

/** Who and what plays in the story. */
export interface Cast {
  readonly client: Client;
  readonly workspace: Workspace;
  readonly terminal: Terminal;
  /** Called right before the comparison; the tests corrupt a row here to see the comparison fail. */
  readonly beforeComparison?: () => Promise<void>;
}

const critical = ["orders", "payments", "customers"];
const everything = [...critical, "daily_metrics", "user_sessions"];

/**
 * Back up, change, back up the change, lose a table, get it back.
 *
 * @throws {StoryFailed} when a fact that should hold does not
 */
export async function playStory(cast: Cast): Promise<void> {
  await setTheStage(cast);
  await nameGroups(cast);
  await fullBackup(cast);
  await goOn(cast);
  const label = await incrementalBackup(cast);
  const expected = await checksums(cast.client, everything);
  cast.terminal.verified(`took a checksum of every partition: ${expected.size} of them`);
  await accident(cast);
  const kept = await restore(cast, label);
  await compare(cast, expected, kept);
  await showHistory(cast);
}

async function setTheStage({ client, terminal }: Cast): Promise<void> {
  terminal.chapter(
    "A shop and its warehouse",
    "A year of orders, one partition a day; payments, customers, metrics, sessions.",
  );
  await openShop(client);
  const rows = [];
  for (const table of everything) {
    const [counted] = await client.rows(`SELECT count(*) AS n FROM sales_db.${table}`);
    rows.push({
      table: `sales_db.${table}`,
      partitions: (await partitionNames(client, table)).length,
      rows: counted?.["n"],
    });
  }
  terminal.table(rows);
  terminal.say("Snapshots go to the repository s3_backups.");
}

async function nameGroups({ client, workspace, terminal }: Cast): Promise<void> {
  terminal.chapter(
    "Name what belongs together",
    "A group is backed up as one. It is rows in a table, so a script or plain SQL will do.",
  );
  const created = await workspace.script("init", {});
  check(terminal, created["status"] === "CREATED", "init created the catalog: the database ops");
  await workspace.script("inventory", {
    group: "analytics",
    add: ["sales_db.daily_metrics", "sales_db.user_sessions"],
  });
  const insert = `INSERT INTO ops.table_inventory (inventory_group, database_name, table_name) VALUES
     ('critical', 'sales_db', 'orders'), ('critical', 'sales_db', 'payments'), ('critical', 'sales_db', 'customers')`;
  terminal.typed(insert);
  await client.run(insert);
  const shown = await workspace.script("inventory", {});
  terminal.table(list(shown["entries"]));
  check(terminal, list(shown["entries"]).length === 5, "both ways end up in the same inventory");
}

async function fullBackup({ workspace, terminal }: Cast): Promise<void> {
  terminal.chapter(
    "A full backup",
    "Everything in the group, once: later backups only have to add what changed.",
  );
  const result = await workspace.flow("backup", { group: "critical", type: "full" });
  const [snapshot] = showSnapshots(terminal, result);
  check(
    terminal,
    /^sales_db_\d{8}_\d{6}_full$/.test(String(snapshot?.["label"])),
    "the snapshot's label says what, when and how",
  );
  check(
    terminal,
    snapshot?.["partitions"] === 365 + 3 + 1,
    "it holds all 369 partitions of the three tables",
  );
}

async function goOn({ client, terminal }: Cast): Promise<void> {
  terminal.chapter("The business goes on", "Loads, corrections, retention: each touches a few partitions.");
  for (const { what, sql } of business) {
    await client.run(sql);
    terminal.say(`- ${what}`);
  }
}

async function incrementalBackup({ client, workspace, terminal }: Cast): Promise<string> {
  terminal.chapter(
    "An incremental backup",
    "Finds what changed by comparing partition versions with its baseline, and copies only that.",
  );
  const result = await workspace.flow("backup", { group: "critical", type: "incremental" });
  const [snapshot] = showSnapshots(terminal, result);
  const label = String(snapshot?.["label"]);
  const total = isJsonObject(result["total"]) ? result["total"] : {};
  const saved = Number(total["bytes"]) - Number(snapshot?.["bytes"]);
  terminal.say(
    `${snapshot?.["partitions"]} of ${total["partitions"]} partitions had changed since ${snapshot?.["baseline"]}; ` +
      `${prettyBytes(saved)} of ${prettyBytes(Number(total["bytes"]))} did not have to be copied.`,
  );
  const held =
    await client.rows(`SELECT concat(table_name, '.', partition_name) AS name FROM ops.backup_partitions
    WHERE label = '${label}' AND presence = 'held' ORDER BY name`);
  const names = held.map((row) => String(row["name"]));
  check(
    terminal,
    String(names) === String(changedPartitions),
    `exactly the changed partitions were copied: ${names.join(", ")}`,
  );
  const again = await workspace.flow("backup", { group: "critical", type: "incremental", baseline: label });
  check(terminal, again["status"] === "NOTHING_TO_DO", "and run again at once, there is nothing to do");
  return label;
}

async function accident({ client, terminal }: Cast): Promise<void> {
  terminal.chapter("An accident", "It is 3 am, and somebody was in the wrong window.");
  terminal.typed("TRUNCATE TABLE sales_db.orders");
  await client.run("TRUNCATE TABLE sales_db.orders");
  const [left] = await client.rows("SELECT count(*) AS orders_left FROM sales_db.orders");
  terminal.table(left === undefined ? [] : [left]);
  check(terminal, Number(left?.["orders_left"]) === 0, "every order is gone");
}

async function restore({ workspace, terminal }: Cast, label: string): Promise<string> {
  terminal.chapter(
    "Get the table back",
    "Only orders, to the state of the incremental. The plan comes first, and waits for an approval.",
  );
  const approve = async ({ result }: Suspended): Promise<Approval> => {
    showPlan(terminal, result);
    terminal.say("The flow waits here. The on-call engineer reads the plan and approves it.");
    return "approve";
  };
  const result = await workspace.flow(
    "restore",
    { target_label: label, tables: ["sales_db.orders"] },
    approve,
  );
  const restored = list(result["restored"]);
  terminal.table(
    restored.map(({ table, strategy, snapshots, partitions, rows, replaced_kept_as }) => ({
      ...{ table, strategy, snapshots: Array.isArray(snapshots) ? snapshots.length : 0 },
      ...{ partitions, rows, replaced_kept_as },
    })),
  );
  check(
    terminal,
    restored.length === 1 && restored[0]?.["table"] === "sales_db.orders",
    "one table was restored, no other",
  );
  return String(restored[0]?.["replaced_kept_as"]);
}

async function compare(
  { client, terminal, beforeComparison }: Cast,
  expected: Checksums,
  kept: string,
): Promise<void> {
  terminal.chapter(
    "Is it really the same?",
    "Every partition is read and compared with the checksums taken before the accident.",
  );
  await beforeComparison?.();
  const found = differences(expected, await checksums(client, everything));
  for (const difference of found) terminal.say(difference);
  check(
    terminal,
    found.length === 0,
    `all ${expected.size} partitions of all five tables are equal, row by row`,
  );
  const partitions = await partitionNames(client, "orders");
  check(
    terminal,
    !partitions.includes(dayPartition(0)),
    `${dayPartition(0)}, dropped before the backup, did not come back`,
  );
  const [replaced] = await client.rows(`SELECT count(*) AS n FROM sales_db.${kept}`);
  check(
    terminal,
    Number(replaced?.["n"]) === 0,
    `the truncated table is kept as ${kept} until somebody drops it`,
  );
  await client.run("INSERT INTO sales_db.orders VALUES (99999, '2025-12-31', 1, 5.00, 'open')");
  check(terminal, true, "orders takes new rows");
}

async function showHistory({ client, terminal }: Cast): Promise<void> {
  terminal.chapter("What is there to go back to", "The catalog is ordinary tables in StarRocks.");
  terminal.typed(
    "SELECT label, backup_type, status, finished_at FROM ops.backup_history ORDER BY finished_at",
  );
  const history = await client.rows(
    "SELECT label, backup_type, status, finished_at FROM ops.backup_history ORDER BY finished_at",
  );
  terminal.table(history);
  check(
    terminal,
    String(history.map((row) => row["status"])) === "FINISHED,FINISHED,NOTHING_TO_DO",
    "two backups, and a restore point for the run that had nothing to do",
  );
}

function showSnapshots(terminal: Terminal, result: JsonObject): readonly JsonObject[] {
  const snapshots = list(result["snapshots"]);
  terminal.table(
    snapshots.map(({ label, type, baseline, tables, partitions, bytes }) => ({
      label,
      type,
      baseline: baseline ?? "-",
      tables,
      partitions,
      size: prettyBytes(Number(bytes)),
    })),
  );
  check(terminal, result["status"] === "FINISHED", `the backup is ${String(result["status"])}`);
  return snapshots;
}

/** The plan's description, which Windmill shows to the approver. */
function showPlan(terminal: Terminal, result: Json): void {
  const description = isJsonObject(result) ? result["description"] : undefined;
  const html = isJsonObject(description) ? description["html"] : undefined;
  if (typeof html !== "string") throw new StoryFailed(`no plan to read: ${JSON.stringify(result)}`);
  showHtml(terminal, html);
}

function check(terminal: Terminal, holds: boolean, fact: string): void {
  if (!holds) throw new StoryFailed(`This should hold, and does not: ${fact}`);
  terminal.verified(fact);
}
