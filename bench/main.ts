import prettyBytes from "pretty-bytes";
import { aligned } from "../local/aligned.ts";
import { chainLines, measureChain } from "./chain.ts";
import { openMeter, type Traffic } from "./meter.ts";
import { type Cost, runPlanner } from "./planner.ts";
import { openShop, type Shop } from "./shop.ts";
import { installStarrocksBr, type StarrocksBr } from "./starrocks-br.ts";
import { starrocksScale } from "./starrocks-scale.ts";

const large = process.argv.includes("--large");
const sizes = [1_000, 10_000, 100_000, ...(large ? [1_000_000] : [])];
const changedShares = [0.001, 0.01, 1];
/** starrocks-br writes a statement and a commit per partition; so many are written, and the rest is calculated. */
const sample = 200;
/** It asks table by table: ten minutes for a million partitions. */
const peerUpTo = 100_000;

const table: string[][] = [
  ["partitions", "changed", "tool", "statements", "sent", "received", "seconds", "peak memory"],
];
const numbers = new Set([0, 1, 3, 4, 5, 6, 7]);

function row(shop: Shop, changed: number, tool: string, { traffic, cost, note = "" }: Measured): void {
  const cells = [
    shop.partitions.toLocaleString("en"),
    changed.toLocaleString("en"),
    tool,
    `${note}${traffic.statements.length.toLocaleString("en")}`,
    note + prettyBytes(traffic.bytesSent),
    note + prettyBytes(traffic.bytesReceived),
    note + cost.seconds.toFixed(2),
    prettyBytes(cost.peakBytes),
  ];
  table.push(cells);
  // The whole takes minutes: what is known is worth seeing.
  process.stderr.write(`${cells.join("  ")}\n`);
}

interface Measured {
  readonly traffic: Traffic;
  readonly cost: Cost;
  /** Before every figure that is calculated. */
  readonly note?: string;
}

async function measured(shop: Shop, run: (port: number) => Promise<Cost>): Promise<Measured> {
  const meter = await openMeter(shop.port);
  try {
    const cost = await run(meter.port);
    return { cost, traffic: meter.take() };
  } finally {
    meter.close();
  }
}

/** Its manifest costs the same for every partition, so a sample tells. */
async function starrocksBrManifest(shop: Shop, peer: StarrocksBr, changed: number): Promise<Measured> {
  const written = Math.min(changed, sample);
  const { cost, traffic } = await measured(shop, (port) => peer.writeManifest(port, written));
  const factor = changed / written;
  return {
    cost: { seconds: cost.seconds * factor, peakBytes: cost.peakBytes },
    traffic: {
      statements: Array.from({ length: Math.round(traffic.statements.length * factor) }, () => ""),
      bytesSent: Math.round(traffic.bytesSent * factor),
      bytesReceived: Math.round(traffic.bytesReceived * factor),
    },
    ...(factor > 1 && { note: "~" }),
  };
}

async function measureSize(partitions: number, peer: StarrocksBr | undefined): Promise<Traffic | undefined> {
  const shop = await openShop(partitions);
  let last: Traffic | undefined;
  try {
    for (const share of changedShares) {
      const changed = Math.max(1, Math.round(partitions * share));
      await shop.change(changed);
      const ours = await measured(shop, (port) => runPlanner(port, "incremental"));
      last = ours.traffic;
      row(shop, changed, "this project, plan and manifest", ours);
      if (peer === undefined) continue;
      row(shop, changed, "starrocks-br, plan", await measured(shop, peer.plan));
      row(shop, changed, "starrocks-br, manifest", await starrocksBrManifest(shop, peer, changed));
    }
  } finally {
    await shop.close();
  }
  return last;
}

/** Where the statements go, in order; the same ones together. */
function summary(statements: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const statement of statements) {
    const text = statement.replace(/\s+/g, " ");
    const short = /^(?:SELECT .*? FROM [^ ]+|INSERT INTO [^ ]+|\S+ \S+)/.exec(text)?.[0] ?? text;
    const shape = short.replace(/^SELECT .* FROM/, "SELECT FROM").slice(0, 60);
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  return [...counts].map(([shape, count]) => `  ${count} x ${shape}`).join("\n");
}

const peer = await installStarrocksBr();
let last: Traffic | undefined;
for (const partitions of sizes) {
  process.stderr.write(`${partitions.toLocaleString("en")} partitions\n`);
  last = await measureSize(partitions, typeof peer === "string" || partitions > peerUpTo ? undefined : peer);
}
process.stdout.write(`${aligned(table, numbers).join("\n")}\n`);
process.stdout.write(
  typeof peer === "string"
    ? `starrocks-br was not measured: ${peer}\n`
    : `starrocks-br ${peer.version}; ~: calculated from ${sample.toLocaleString("en")} partitions\n`,
);
const chain = await measureChain((text) => process.stderr.write(`${text}\n`));
process.stdout.write(`${chainLines(chain).join("\n")}\n`);
process.stdout.write(`Statements of the last plan:\n${summary(last?.statements ?? [])}\n`);
for (const { what, seconds, detail } of await starrocksScale({ million: large }))
  process.stdout.write(`embedded StarRocks, ${what}: ${seconds.toFixed(2)} s (${detail})\n`);
