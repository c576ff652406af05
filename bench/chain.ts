import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import prettyBytes from "pretty-bytes";
import { backupPlanner } from "../lib/operations/backup/planner.ts";
import { restorePlanner } from "../lib/operations/restore/planner.ts";
import { planRun } from "../lib/operations/run/plan.ts";
import { startRun } from "../lib/operations/run/poll.ts";
import { reportRun } from "../lib/operations/run/report.ts";
import { startRestore } from "../lib/operations/run/start-restore.ts";
import type { Progress } from "../lib/operations/step/progress.ts";
import type { ClusterSettings } from "../lib/operations/step/settings.ts";
import type { RestorePlan } from "../lib/planning/restore/restore-plan.ts";
import { aligned } from "../local/aligned.ts";
import { type Client, connect } from "../local/walkthrough/client.ts";
import { runScript } from "../local/windmill/run-script.ts";
import { openMeter } from "./meter.ts";
import { runRestorePlanner } from "./planner.ts";

const links = 30;
const tables = 10;
const perTable = 1_000;
const rowsEach = 10;
/** Of each table in each increment: its newest partitions, as loads of the day are, and some older ones. */
const [hot, older] = [5, 5];

const silent: Progress = { say: () => undefined, percent: async () => undefined };

/** What a restore costs. */
interface ChainCost {
  readonly jobs: number;
  readonly statements: number;
  readonly rowsRewritten: number;
  readonly bytes: number;
  /** How often a partition is downloaded that was downloaded before. */
  readonly twice: number;
}

export interface ChainFigures {
  readonly planSeconds: number;
  readonly planStatements: number;
  readonly restoreSeconds: number;
  readonly ours: ChainCost;
  /** The base whole, then every increment over it, as its manifest says. */
  readonly oneAfterTheOther: Omit<ChainCost, "statements">;
}

/** Makes a full backup and increments of so many partitions, and restores all tables from them. */
export async function measureChain(said: (text: string) => void): Promise<ChainFigures> {
  const cluster = spawn(
    process.execPath,
    ["--import", "tsx", fileURLToPath(new URL("cluster.ts", import.meta.url)), "50"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(createInterface({ input: cluster.stdout }), "line")) as [string];
  const port = Number(line);
  const client = await connect("127.0.0.1", port);
  try {
    await createTables(client);
    await makeChain(client, port, said);
    return await restoreAll(client, port);
  } finally {
    await client.close();
    const closed = once(cluster, "exit");
    cluster.kill("SIGTERM");
    await closed;
  }
}

function settingsOf(port: number): ClusterSettings {
  return {
    address: { hosts: ["127.0.0.1"], port, user: "root", password: "", tls: undefined },
    repository: "repo",
    opsDatabase: "ops",
  };
}

async function createTables(client: Client): Promise<void> {
  await client.run(`CREATE REPOSITORY repo WITH BROKER ON LOCATION "s3://bucket/prefix"
    PROPERTIES ("aws.s3.access_key" = "a", "aws.s3.secret_key" = "b")`);
  await client.run("CREATE DATABASE d");
  const all = Array.from({ length: perTable }, (_, key) => key);
  for (let table = 0; table < tables; table++) {
    await client.run(`CREATE TABLE d.t${table} (k INT NOT NULL, n INT NOT NULL) DUPLICATE KEY (k)
      PARTITION BY RANGE (k) (START ("0") END ("${perTable}") EVERY (1))
      DISTRIBUTED BY HASH (k) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
    await load(client, table, all);
  }
}

async function load(client: Client, table: number, keys: readonly number[]): Promise<void> {
  const rows = keys.flatMap((key) => Array.from({ length: rowsEach }, (_, row) => `(${key}, ${row})`));
  await client.run(`INSERT INTO d.t${table} VALUES ${rows.join(", ")}`);
}

/** The same partitions at each run of the bench. */
function changedIn(link: number, table: number): readonly number[] {
  const newest = Array.from({ length: hot }, (_, each) => perTable - 1 - each);
  const others = Array.from(
    { length: older },
    (_, each) => (link * 137 + each * 211 + table * 17) % (perTable - hot),
  );
  return [...new Set([...newest, ...others])];
}

async function makeChain(client: Client, port: number, said: (text: string) => void): Promise<void> {
  const starrocks = { host: "127.0.0.1", port, user: "root", password: "", repository: "repo" };
  await runScript("init", { starrocks });
  await runScript("inventory", { starrocks, group: "g", add: ["d.*"] });
  for (let link = 0; link < links; link++) {
    for (let table = 0; link > 0 && table < tables; table++)
      await load(client, table, changedIn(link, table));
    await backUp(settingsOf(port), link === 0 ? "full" : "incremental");
    said(`backup ${link + 1} of ${links}`);
  }
}

async function backUp(settings: ClusterSettings, type: "full" | "incremental"): Promise<void> {
  const planner = backupPlanner({
    group: "g",
    policy: {
      type,
      baseline: type === "full" ? undefined : "latest",
      fullEverySeconds: undefined,
      maxChain: undefined,
    },
    maxPartitionsPerJob: 20_000,
    name: undefined,
    repository: undefined,
    dryRun: false,
  });
  const { runId } = await planRun(settings, planner, silent);
  await carryOn(settings, { runId: String(runId), planHash: undefined });
}

async function carryOn(
  settings: ClusterSettings,
  reference: { readonly runId: string; readonly planHash: string | undefined },
): Promise<void> {
  while (!(await startRun(settings, reference, silent)).done)
    await new Promise((resolve) => setTimeout(resolve, 200));
  await reportRun(settings, reference, silent);
}

async function restoreAll(client: Client, port: number): Promise<ChainFigures> {
  const meter = await openMeter(port);
  try {
    const { seconds } = await runRestorePlanner(meter.port);
    const planStatements = meter.take().statements.length;
    const settings = settingsOf(meter.port);
    const planner = restorePlanner({
      target: {
        at: { kind: "time", time: "2099-01-01 00:00:00" },
        tables: [],
        group: "g",
        repository: undefined,
      },
      destination: { renameTo: undefined, suffix: undefined, intoDatabase: undefined },
      clusters: undefined,
      partitions: undefined,
      maxDrift: 50,
      keepSeconds: 0,
      allOrNothing: true,
      dryRun: false,
    });
    const { runId, planHash, plan } = await planRun(settings, planner, silent);
    meter.take();
    const began = performance.now();
    const approval = { runId: String(runId), planHash, approved: true, approvers: [] };
    await startRestore(settings, { ...approval, operation: "restore" }, silent);
    await carryOn(settings, approval);
    const { statements } = meter.take();
    const jobs = statements.filter((each) => each.startsWith("RESTORE SNAPSHOT")).length;
    return {
      planSeconds: seconds,
      planStatements,
      restoreSeconds: (performance.now() - began) / 1000,
      ...costs(plan, await manifests(client), { jobs, statements: statements.length }),
    };
  } finally {
    meter.close();
  }
}

/** What a snapshot holds of a table. */
interface Held {
  readonly label: string;
  readonly table: string;
  readonly partition: string;
  readonly rows: number;
  readonly bytes: number;
}

/** Oldest first. */
async function manifests(client: Client): Promise<readonly Held[]> {
  const rows = await client.rows(
    `SELECT p.label, p.table_name, p.partition_name, p.row_count, p.byte_count FROM ops.backup_partitions p
     JOIN ops.backup_history h ON h.label = p.label WHERE p.presence = 'held' ORDER BY h.cut_to, p.label`,
  );
  return rows.map((row) => ({
    label: String(row["label"]),
    table: String(row["table_name"]),
    partition: String(row["partition_name"]),
    rows: Number(row["row_count"]),
    bytes: Number(row["byte_count"]),
  }));
}

function costs(
  plan: RestorePlan,
  held: readonly Held[],
  seen: Pick<ChainCost, "jobs" | "statements">,
): Pick<ChainFigures, "ours" | "oneAfterTheOther"> {
  const newest = new Map(held.map((each) => [`${each.table}.${each.partition}`, each]));
  const bases = new Map(plan.tables.map(({ table, parts }) => [table, parts[0]?.label]));
  const parts = plan.tables.flatMap((each) => each.parts);
  const [full] = held;
  const increments = held.filter(({ label }) => label !== full?.label);
  return {
    ours: {
      ...seen,
      rowsRewritten: total(
        [...newest.values()].filter(({ label, table }) => label !== bases.get(table)),
        "rows",
      ),
      bytes: total(parts, "bytes"),
      twice: total(parts, "partitions") - newest.size,
    },
    oneAfterTheOther: {
      jobs: new Set(held.map(({ label }) => label)).size,
      rowsRewritten: total(increments, "rows"),
      bytes: total(held, "bytes"),
      twice: held.length - newest.size,
    },
  };
}

function total<Key extends string>(items: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return items.reduce((sum, each) => sum + each[key], 0);
}

const number = (value: number): string => value.toLocaleString("en");

/** As lines of a table, with what the figures are of. */
export function chainLines({ ours, oneAfterTheOther, ...figures }: ChainFigures): readonly string[] {
  const cells = (tool: string, { jobs, rowsRewritten, bytes, twice }: Omit<ChainCost, "statements">) => [
    tool,
    number(jobs),
    number(rowsRewritten),
    prettyBytes(bytes),
    number(twice),
  ];
  return [
    `Restore of ${number(tables * perTable)} partitions from a full and ${links - 1} increments of ${number(tables * (hot + older))} each:`,
    ...aligned(
      [
        ["way", "jobs", "rows rewritten", "downloaded", "partitions again"],
        cells("this project", ours),
        cells("the base whole, then every increment", oneAfterTheOther),
      ],
      new Set([1, 2, 3, 4]),
    ),
    `Planned in ${figures.planSeconds.toFixed(2)} s with ${figures.planStatements} statements; restored with ${number(ours.statements)}, in ${figures.restoreSeconds.toFixed(0)} s of the embedded StarRocks`,
  ];
}

if (process.argv[1]?.endsWith("chain.ts"))
  for (const line of chainLines(await measureChain((text) => process.stderr.write(`${text}\n`))))
    process.stdout.write(`${line}\n`);
