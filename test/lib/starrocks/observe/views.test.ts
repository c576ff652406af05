import { expect, test } from "vitest";
import { readViewDefinitions } from "../../../../lib/starrocks/observe/views.ts";
import type { Session } from "../../../../lib/starrocks/session.ts";

/** A view of `shop` with a query, as a real FE shows it. */
async function view(query: string) {
  const definition = `CREATE MATERIALIZED VIEW \`mv\` (\`d\`)\nDISTRIBUTED BY RANDOM\nAS ${query};`;
  const row = { TABLE_SCHEMA: "shop", TABLE_NAME: "mv", MATERIALIZED_VIEW_DEFINITION: definition };
  const session: Pick<Session, "query"> = { query: async () => [row] };
  const [read] = await readViewDefinitions(session as Session);
  return (database: string, table: string) => read?.reads({ database, table });
}

test("a table is found as it was written: quoted or not, with or without the view's own database", async () => {
  for (const query of [
    "SELECT d FROM shop.orders",
    "SELECT d FROM `shop`.`orders` AS o",
    "SELECT d FROM orders",
    "SELECT d FROM\n`orders`",
  ]) {
    const reads = await view(query);
    expect(reads("shop", "orders"), query).toBe(true);
    expect(reads("shop", "order"), query).toBe(false);
    expect(reads("shop", "orders_old"), query).toBe(false);
    expect(reads("other", "orders"), query).toBe(false);
  }
});

test("another database's table of the name is another table", async () => {
  const reads = await view("SELECT d FROM archive.orders");
  expect(reads("archive", "orders")).toBe(true);
  expect(reads("shop", "orders")).toBe(false);
});

test("names of any kind", async () => {
  expect((await view("SELECT 1 FROM `a``b.c`"))("shop", "a`b.c")).toBe(true);
  expect((await view("SELECT 1 FROM заказы"))("shop", "заказы")).toBe(true);
  expect((await view("SELECT 1 FROM заказы2"))("shop", "заказы")).toBe(false);
});
