import { createConnection } from "mysql2/promise";

/** The business's own connection to the cluster: any MySQL client would do. */
export interface Client {
  run(sql: string): Promise<unknown>;
  rows(sql: string): Promise<readonly Readonly<Record<string, string | number | null>>[]>;
  close(): Promise<void>;
}

export async function connect(host: string, port: number): Promise<Client> {
  const connection = await createConnection({
    host,
    port,
    user: "root",
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  await connection.query("SET time_zone = '+00:00'");
  return {
    async run(sql) {
      await connection.query(sql);
    },
    async rows(sql) {
      const [rows] = await connection.query(sql);
      return rows as readonly Readonly<Record<string, string | number | null>>[];
    },
    close: () => connection.end(),
  };
}
