import { connect, createServer, type Socket } from "node:net";

/** What went over the wire. */
export interface Traffic {
  /** Texts of the statements, cut short; in order. */
  readonly statements: readonly string[];
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** Stands between a client and a server, and counts at the socket. */
export interface Meter {
  readonly port: number;
  /** What has passed since the last call. */
  take(): Traffic;
  close(): void;
}

const comQuery = 0x03;
const keptLength = 200;

export async function openMeter(target: number): Promise<Meter> {
  let statements: string[] = [];
  let bytesSent = 0;
  let bytesReceived = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    const read = statementReader((text) => statements.push(text));
    client.on("data", (chunk) => {
      bytesSent += chunk.length;
      read(chunk);
    });
    upstream.on("data", (chunk) => {
      bytesReceived += chunk.length;
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      open.add(socket);
      // Else short packets wait for the other side's delayed acknowledgement: 40 ms a statement.
      socket.setNoDelay(true);
      // Either end may go first; the other one sees its stream end.
      socket.on("error", () => socket.destroy());
      socket.on("close", () => open.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return {
    port: address.port,
    take() {
      const traffic = { statements, bytesSent, bytesReceived };
      statements = [];
      bytesSent = 0;
      bytesReceived = 0;
      return traffic;
    },
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

/** Finds the statements in a client's packets: three bytes of length, a sequence number, the command, the text. */
function statementReader(found: (text: string) => void): (chunk: Buffer) => void {
  let head = Buffer.alloc(0);
  let skip = 0;
  return (chunk) => {
    let rest = chunk;
    for (;;) {
      const skipped = Math.min(skip, rest.length);
      skip -= skipped;
      rest = rest.subarray(skipped);
      if (rest.length === 0) return;
      head = Buffer.concat([head, rest]);
      if (head.length < 4) return;
      const length = head.readUIntLE(0, 3);
      const text = Math.min(length, keptLength);
      if (head.length < 4 + text) return;
      if (head[3] === 0 && head[4] === comQuery) found(head.toString("utf8", 5, 4 + text));
      rest = head.subarray(4 + text);
      skip = length - text;
      head = Buffer.alloc(0);
    }
  };
}
