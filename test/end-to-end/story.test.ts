import { afterAll, beforeAll, expect, test } from "vitest";
import { type StarRocks, startStarRocks } from "../../local/starrocks/server.ts";
import { type Client, connect } from "../../local/walkthrough/client.ts";
import { workspace } from "../../local/walkthrough/flows.ts";
import { playStory } from "../../local/walkthrough/story.ts";
import { terminal } from "../../local/walkthrough/terminal.ts";

let starrocks: StarRocks;
let client: Client;

beforeAll(async () => {
  starrocks = await startStarRocks({ tickMs: 20 });
  client = await connect(starrocks.host, starrocks.port);
});

afterAll(async () => {
  await client.close();
  await starrocks.close();
});

test("the comparison at the end of the walk-through compares rows: one changed amount among 9,156 fails it", async () => {
  const lines: string[] = [];
  const shown = terminal((line) => lines.push(line), false);
  const resource = { host: starrocks.host, port: starrocks.port, user: "root", repository: "s3_backups" };
  const story = playStory({
    client,
    workspace: workspace(resource, shown),
    terminal: shown,
    async beforeComparison() {
      await client.run(
        "UPDATE sales_db.orders SET amount = amount + 0.01 WHERE order_id = 5000 AND order_date = '2025-07-20'",
      );
    },
  });
  await expect(story).rejects.toThrow(/are equal, row by row/);
  const blamed = lines.filter((line) => line.includes(" instead of "));
  expect(blamed).toHaveLength(1);
  expect(blamed[0]).toContain("orders.p20250720");
  // Everything before the corruption held: the story failed for nothing else.
  expect(lines.some((line) => line.includes("one table was restored, no other"))).toBe(true);
});
