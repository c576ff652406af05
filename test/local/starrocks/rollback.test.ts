import { expect, it } from "vitest";
import { one, startLab } from "./support.ts";

it("a statement that fails half-way hides nothing from those that read meanwhile", async () => {
  const lab = await startLab();
  try {
    await lab.client.run("CREATE DATABASE d");
    await lab.client.run(`CREATE TABLE d.t (id INT) ${one}`);
    const reader = await lab.connect();
    let changing = true;
    const seen = new Set<number>();
    const reading = (async () => {
      while (changing) seen.add((await reader.rows("SHOW TABLES FROM d")).length);
    })();
    for (let time = 0; time < 20; time += 1)
      await lab.client.failure("ALTER TABLE d.t ADD COLUMN a INT, ADD COLUMN a INT");
    changing = false;
    await reading;
    expect([...seen]).toEqual([1]);
    expect(await lab.client.rows("DESC d.t")).toHaveLength(1);
  } finally {
    await lab.end();
  }
});
