import mysql, { type Connection, type ConnectionOptions, type RowDataPacket } from "mysql2/promise";

export type Row = Record<string, string | number | null>;

/** An ERR packet: errno, SQL state, text (§15). */
export interface Refusal {
  readonly code: number | undefined;
  readonly sqlState: string | undefined;
  readonly message: string;
}

export interface Client {
  readonly connection: Connection;
  rows(sql: string): Promise<Row[]>;
  /** Column names in order, and the type bytes they were sent with. */
  columns(sql: string): Promise<{ name: string; type: number | undefined }[]>;
  run(sql: string): Promise<{ affectedRows: number; info: string }>;
  /** What a statement is refused with; one that succeeds fails the case. */
  refusal(sql: string): Promise<Refusal>;
  close(): Promise<void>;
}

/** A connection as any tool would make it: text protocol, no conversions by the driver. */
export async function connectTo(options: ConnectionOptions): Promise<Client> {
  const connection = await mysql.createConnection({
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    ...options,
  });
  // A lost connection is what some cases are about; the statement in flight reports it.
  connection.on("error", () => undefined);
  return clientOf(connection);
}

function clientOf(connection: Connection): Client {
  return {
    connection,
    async rows(sql) {
      const [rows] = await connection.query<RowDataPacket[]>(sql);
      return rows.map((row) => ({ ...row }));
    },
    async columns(sql) {
      const [, fields] = await connection.query<RowDataPacket[]>(sql);
      return fields.map(({ name, type }) => ({ name, type }));
    },
    async run(sql) {
      const [header] = await connection.query<mysql.ResultSetHeader>(sql);
      return { affectedRows: header.affectedRows, info: header.info };
    },
    async refusal(sql) {
      try {
        await connection.query(sql);
      } catch (error) {
        return refusalOf(error);
      }
      throw new Error(`succeeded, but should have been refused: ${sql}`);
    },
    close: () => connection.end(),
  };
}

export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Error)) throw error;
  const code = "errno" in error && typeof error.errno === "number" ? error.errno : undefined;
  const sqlState = "sqlState" in error && typeof error.sqlState === "string" ? error.sqlState : undefined;
  return { code, sqlState, message: error.message };
}
