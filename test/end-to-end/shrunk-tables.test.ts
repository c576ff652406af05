import { expect, test } from "vitest";
import { daily } from "../support/tables.ts";
import { worldWithGroups } from "../support/world.ts";

test("a table that lost all its rows since its baseline is named, with what it had", async () => {
  const it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
    await daily(client, "shop", "orders");
    await daily(client, "shop", "visits");
  });
  try {
    await it.backUp({ group: "g", type: "full" });
    await it.client.run("TRUNCATE TABLE shop.orders");
    const { notes } = await it.backUp({ group: "g", type: "incremental" });
    expect(notes).toEqual([
      expect.stringMatching(
        /^shop\.orders has no row now and had about 5 in shop_\w+_full: if that was no purpose/,
      ),
    ]);
  } finally {
    await it.close();
  }
});
