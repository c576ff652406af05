import type { Client } from "../support/client.ts";

/** As small as a backup can be and still have partitions, a primary key and a table that does not change. */
export async function tinyShop(client: Client): Promise<void> {
  await client.run("CREATE DATABASE shop");
  await client.run(`CREATE TABLE shop.orders (d DATE NOT NULL, n INT) DUPLICATE KEY (d)
    PARTITION BY RANGE (d) (START ("2025-01-01") END ("2025-01-04") EVERY (INTERVAL 1 DAY))
    DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await client.run(`CREATE TABLE shop.customers (id BIGINT NOT NULL, name VARCHAR(20)) PRIMARY KEY (id)
    DISTRIBUTED BY HASH (id) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 1), ('2025-01-02', 2)");
  await client.run("INSERT INTO shop.customers VALUES (1, 'a'), (2, 'b')");
}

/** One of the four partitions changes. */
export async function sell(client: Client): Promise<void> {
  await client.run("INSERT INTO shop.orders VALUES ('2025-01-02', 3)");
}
