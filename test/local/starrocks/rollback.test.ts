import { expect, test } from "vitest";
import { startEmbedded } from "../../support/embedded.ts";
import { one } from "../../support/jobs.ts";

test("a statement that fails half-way hides nothing from those that read meanwhile", async () => {
  const embedded = await startEmbedded();
  try {
    await embedded.client.run("CREATE DATABASE d");
    await embedded.client.run(`CREATE TABLE d.t (id INT) ${one}`);
    const reader = await embedded.connect();
    let changing = true;
    const seen = new Set<number>();
    const reading = (async () => {
      while (changing) seen.add((await reader.rows("SHOW TABLES FROM d")).length);
    })();
    for (let time = 0; time < 20; time += 1)
      await embedded.client.refusal("ALTER TABLE d.t ADD COLUMN a INT, ADD COLUMN a INT");
    changing = false;
    await reading;
    expect([...seen]).toEqual([1]);
    expect(await embedded.client.rows("DESC d.t")).toHaveLength(1);
  } finally {
    await embedded.close();
  }
});
