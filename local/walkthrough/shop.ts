import type { Client } from "./client.ts";

/** One day of the shop's year, `2025-01-01` being day 0. */
export function day(index: number): string {
  return new Date(Date.UTC(2025, 0, 1 + index)).toISOString().slice(0, 10);
}

/** The partition that holds a day. */
export function dayPartition(index: number): string {
  return `p${day(index).replaceAll("-", "")}`;
}

export const daysInStory = 365;
// One INSERT takes at most 10,000 rows of VALUES.
const ordersADay = 25;

/** Tables of the two groups: each kind of table and partitioning that a warehouse has. */
const tables = [
  `CREATE TABLE sales_db.orders (
     order_id BIGINT NOT NULL, order_date DATE NOT NULL, customer_id BIGINT NOT NULL,
     amount DECIMAL(12, 2) NOT NULL, status VARCHAR(16) NOT NULL COMMENT "open, paid or returned")
   PRIMARY KEY (order_id, order_date)
   PARTITION BY RANGE (order_date) (START ("2025-01-01") END ("2026-01-01") EVERY (INTERVAL 1 DAY))
   DISTRIBUTED BY HASH (order_id) BUCKETS 1 PROPERTIES ("replication_num" = "1")`,
  `CREATE TABLE sales_db.payments (
     payment_id BIGINT NOT NULL, method VARCHAR(16) NOT NULL, order_id BIGINT NOT NULL, amount DECIMAL(12, 2) NOT NULL)
   DUPLICATE KEY (payment_id)
   PARTITION BY LIST (method) (
     PARTITION p_card VALUES IN ("card"), PARTITION p_cash VALUES IN ("cash"), PARTITION p_transfer VALUES IN ("transfer"))
   DISTRIBUTED BY HASH (payment_id) BUCKETS 1 PROPERTIES ("replication_num" = "1")`,
  `CREATE TABLE sales_db.customers (
     customer_id BIGINT NOT NULL, name VARCHAR(64) NOT NULL, city VARCHAR(64) NULL)
   PRIMARY KEY (customer_id)
   DISTRIBUTED BY HASH (customer_id) BUCKETS 1 PROPERTIES ("replication_num" = "1")`,
  `CREATE TABLE sales_db.daily_metrics (
     day DATE NOT NULL, metric VARCHAR(32) NOT NULL, value BIGINT SUM NOT NULL)
   AGGREGATE KEY (day, metric)
   PARTITION BY date_trunc('month', day)
   DISTRIBUTED BY HASH (day) BUCKETS 1 PROPERTIES ("replication_num" = "1")`,
  `CREATE TABLE sales_db.user_sessions (
     session_id BIGINT NOT NULL, started_at DATETIME NOT NULL, page VARCHAR(64) NULL)
   DUPLICATE KEY (session_id)
   PARTITION BY date_trunc('day', started_at)
   DISTRIBUTED BY HASH (session_id) BUCKETS 1 PROPERTIES ("replication_num" = "1")`,
];

/** Creates the shop and fills it with a year of business. */
export async function openShop(client: Client): Promise<void> {
  await client.run("CREATE DATABASE sales_db");
  for (const statement of tables) await client.run(statement);
  await client.run(insert("sales_db.orders", orders(0, daysInStory)));
  await client.run(insert("sales_db.payments", payments()));
  await client.run(insert("sales_db.customers", customers()));
  await client.run(insert("sales_db.daily_metrics", metrics()));
  await client.run(insert("sales_db.user_sessions", sessions()));
  await client.run(
    `CREATE REPOSITORY s3_backups WITH BROKER ON LOCATION "s3://acme-backups/starrocks"
     PROPERTIES ("aws.s3.access_key" = "demo", "aws.s3.secret_key" = "demo", "aws.s3.region" = "eu-west-1")`,
  );
}

/** Everything that can happen to a partition between two backups. */
export const business: readonly { readonly what: string; readonly sql: string }[] = [
  { what: "new orders on two days", sql: insert("sales_db.orders", lateOrders()) },
  {
    what: "orders of one day are paid",
    sql: `UPDATE sales_db.orders SET status = 'paid' WHERE order_date = '${day(100)}'`,
  },
  {
    what: "returns are deleted on one day",
    sql: `DELETE FROM sales_db.orders WHERE order_date = '${day(150)}' AND order_id % 3 = 0`,
  },
  {
    what: "a partition is added",
    sql: `ALTER TABLE sales_db.orders ADD PARTITION ${dayPartition(365)} VALUES [("${day(365)}"), ("${day(366)}"))`,
  },
  { what: "its first orders come in", sql: insert("sales_db.orders", orders(365, 366)) },
  { what: "the oldest day is dropped", sql: `ALTER TABLE sales_db.orders DROP PARTITION ${dayPartition(0)}` },
  {
    what: "one day is recomputed",
    sql: `INSERT OVERWRITE sales_db.orders PARTITION (${dayPartition(200)})
          SELECT order_id, order_date, customer_id, amount * 2, status FROM sales_db.orders WHERE order_date = '${day(200)}'`,
  },
  { what: "card payments come in", sql: insert("sales_db.payments", [[90001, "card", 7, "19.90"]]) },
  { what: "a customer moves", sql: "UPDATE sales_db.customers SET city = 'Lyon' WHERE customer_id = 3" },
];

/** What the incremental must find, and nothing else. */
export const changedPartitions: readonly string[] = [
  "customers.customers",
  ...[100, 150, 200, 363, 364, 365].map((index) => `orders.${dayPartition(index)}`),
  "payments.p_card",
];

type Cell = string | number | null;

function insert(table: string, rows: readonly (readonly Cell[])[]): string {
  const values = rows.map((row) => `(${row.map(cell).join(", ")})`);
  return `INSERT INTO ${table} VALUES ${values.join(", ")}`;
}

function cell(value: Cell): string {
  return typeof value === "string" ? `'${value}'` : String(value);
}

function orders(from: number, to: number): readonly (readonly Cell[])[] {
  return Array.from({ length: (to - from) * ordersADay }, (_, each) => {
    const index = from + Math.floor(each / ordersADay);
    const id = index * ordersADay + (each % ordersADay);
    return [
      id,
      day(index),
      id % 97,
      `${(id % 500) + 1}.${String(id % 100).padStart(2, "0")}`,
      id % 4 === 0 ? "paid" : "open",
    ];
  });
}

function lateOrders(): readonly (readonly Cell[])[] {
  return Array.from({ length: 40 }, (_, each) => [
    50_000 + each,
    day(363 + (each % 2)),
    each % 97,
    "12.50",
    "open",
  ]);
}

function payments(): readonly (readonly Cell[])[] {
  const methods = ["card", "cash", "transfer"];
  return Array.from({ length: 900 }, (_, each) => [
    each,
    methods[each % 3] ?? "card",
    each * 4,
    `${(each % 300) + 1}.00`,
  ]);
}

function customers(): readonly (readonly Cell[])[] {
  const cities = ["Paris", "Berlin", null, "Łódź", "København"];
  return Array.from({ length: 97 }, (_, each) => [
    each,
    `Customer ${each}`,
    cities[each % cities.length] ?? null,
  ]);
}

function metrics(): readonly (readonly Cell[])[] {
  return Array.from({ length: daysInStory * 2 }, (_, each) => [
    day(Math.floor(each / 2)),
    each % 2 === 0 ? "visits" : "orders",
    each,
  ]);
}

function sessions(): readonly (readonly Cell[])[] {
  return Array.from({ length: 600 }, (_, each) => [
    each,
    `${day(each % 30)} 08:15:00`,
    each % 5 === 0 ? null : `/p/${each}`,
  ]);
}
