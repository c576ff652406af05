import { expect, test } from "vitest";
import { daily, numbers } from "../support/tables.ts";
import { worldWithGroups } from "../support/world.ts";

test("a cluster whose sessions begin with another zone and sql_mode is backed up and restored like any other", async () => {
  const it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
    await client.run("SET GLOBAL time_zone = '+08:00'");
    await client.run("SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
    await daily(client, "shop", "orders");
  });
  try {
    await it.backUp({ group: "g", type: "full" });
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-02', 9)");
    await it.backUp({ group: "g", type: "incremental" });
    await it.client.run("TRUNCATE TABLE shop.orders");
    const { notes } = await it.restore({ group: "g", target_time: "2099-01-01 00:00 UTC" });
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 9, 2, 3, 4]);
    // By the FE's clock in UTC, whatever zone others see.
    const [row] = await it.client.rows(
      "SELECT abs(timestampdiff(MINUTE, max(finished_at), utc_timestamp())) AS minutes FROM ops.backup_history",
    );
    expect(Number(row?.["minutes"])).toBeLessThan(5);
    expect(notes).toEqual([expect.stringContaining("still to come")]);
  } finally {
    await it.close();
  }
});
