import { describe, expect, it } from "vitest";
import { unique, useCluster } from "./cluster.ts";
import { backup, createOrders } from "./jobs.ts";

const cluster = useCluster();

describe("§2.1 BackupJob", () => {
  it("ends FINISHED with Status [OK]", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    expect(await backup(cluster, database, unique("s"))).toMatchObject({ State: "FINISHED", Status: "[OK]" });
  });
});
