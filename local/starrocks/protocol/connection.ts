import type { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { DropConnection, SqlError } from "../basics/errors.ts";
import { ok, type Result, type ResultColumn } from "../basics/result.ts";
import {
  asksForTls,
  greeting,
  type Login,
  nativePassword,
  newScramble,
  readChangeUser,
  readLogin,
  switchToNativePassword,
} from "./handshake.ts";
import { columnCountPacket, columnPacket, eofPacket, errorPacket, okPacket, rowPacket } from "./packets.ts";
import { replaying } from "./replay.ts";
import { frame, PacketReader, PacketSplitter } from "./wire.ts";

/** What the protocol needs from the server behind it, one object per connection. */
export interface SessionHandler {
  login(user: string, token: Buffer, scramble: Buffer, database: string): Promise<void>;
  useDatabase(name: string): Promise<void>;
  /** Statements of one COM_QUERY text; the FE splits on `;` whatever the client announced (§15). */
  split(sql: string): string[];
  run(statement: string): Promise<Result>;
  fieldList(table: string): Promise<ResultColumn[]>;
  prepare(sql: string): Promise<never>;
  /** How long a connection may be idle. */
  waitMs(): number;
  reset(): void;
  close(): void;
}

const command = {
  QUIT: 0x01,
  INIT_DB: 0x02,
  QUERY: 0x03,
  FIELD_LIST: 0x04,
  PING: 0x0e,
  CHANGE_USER: 0x11,
  STMT_PREPARE: 0x16,
  STMT_CLOSE: 0x19,
  RESET_CONNECTION: 0x1f,
} as const;

function isSignedBy(ca: X509Certificate, socket: TLSSocket): boolean {
  return socket.getPeerX509Certificate()?.verify(ca.publicKey) === true;
}

/** How connections are encrypted. */
export interface Encryption {
  readonly context: SecureContext;
  /** Who must have signed the certificates of clients; undefined: they are asked for none. */
  readonly clientCa: X509Certificate | undefined;
}

/** One client connection: handshake, then one command at a time. */
export class Connection {
  #socket: Socket;
  readonly #handler: SessionHandler;
  readonly #secure: Encryption | undefined;
  readonly #splitter = new PacketSplitter();
  readonly #inbox: { sequence: number; payload: Buffer }[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #idle = false;
  #sequence = 0;

  /** `secure`: the server has a key, and offers TLS. */
  constructor(socket: Socket, handler: SessionHandler, secure?: Encryption) {
    this.#socket = socket;
    this.#handler = handler;
    this.#secure = secure;
    socket.setNoDelay(true);
    this.#listen(socket);
  }

  #listen(socket: Socket): void {
    socket.on("data", (chunk: Buffer) => {
      this.#inbox.push(...this.#splitter.push(chunk));
      this.#wake?.();
    });
    socket.on("timeout", () => {
      if (this.#idle) this.drop();
    });
    const end = () => {
      this.#ended = true;
      this.#wake?.();
    };
    socket.on("close", end);
    socket.on("end", end);
    socket.on("error", end);
  }

  drop(): void {
    this.#socket.destroy();
  }

  async serve(connectionId: number, serverVersion: string): Promise<void> {
    try {
      if (await this.#authenticate(connectionId, serverVersion)) await this.#commands();
    } catch (error) {
      // A packet that cannot be read leaves no way to answer: the connection ends, the server lives on.
      if (!(error instanceof DropConnection || error instanceof RangeError)) throw error;
    } finally {
      this.#handler.close();
      this.#socket.destroySoon();
    }
  }

  async #receive(): Promise<Buffer | undefined> {
    for (;;) {
      const next = this.#inbox.shift();
      if (next) {
        this.#sequence = (next.sequence + 1) & 0xff;
        return next.payload;
      }
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  #send(payload: Buffer): void {
    this.#sequence = frame(payload, this.#sequence, (bytes) => this.#socket.write(bytes));
  }

  async #drained(): Promise<void> {
    while (this.#socket.writableNeedDrain && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#socket.once("drain", resolve);
      });
      this.#wake = undefined;
    }
    if (this.#ended) throw new DropConnection();
  }

  async #authenticate(connectionId: number, serverVersion: string): Promise<boolean> {
    const scramble = newScramble();
    this.#sequence = 0;
    this.#send(greeting(connectionId, scramble, serverVersion, this.#secure !== undefined));
    let payload = await this.#receive();
    if (payload && this.#secure && asksForTls(payload)) {
      this.#encrypt(this.#secure);
      payload = await this.#receive();
    }
    return payload ? this.#admit(readLogin(payload), scramble) : false;
  }

  /** The client goes on in TLS; what it sent already belongs to the handshake. */
  #encrypt({ context, clientCa }: Encryption): void {
    const plain = this.#socket;
    plain.removeAllListeners("data");
    const stream = replaying(plain, this.#splitter.takeRest());
    const asks = clientCa !== undefined;
    const socket = new TLSSocket(stream, {
      ...{ isServer: true, secureContext: context },
      ...{ requestCert: asks, rejectUnauthorized: asks },
    });
    // Node leaves it to a tls.Server to refuse a stranger's certificate.
    socket.on("secure", () => {
      if (clientCa !== undefined && !isSignedBy(clientCa, socket)) this.drop();
    });
    this.#socket = socket;
    this.#listen(this.#socket);
  }

  async #admit(login: Login, scramble: Buffer): Promise<boolean> {
    let token = login.token;
    if (login.plugin !== nativePassword) {
      this.#send(switchToNativePassword(scramble));
      const answer = await this.#receive();
      if (!answer) return false;
      token = answer;
    }
    return this.#answering(async () => {
      await this.#handler.login(login.user, token, scramble, login.database);
      this.#send(okPacket(ok(), false));
    });
  }

  async #commands(): Promise<void> {
    for (;;) {
      this.#socket.setTimeout(this.#handler.waitMs());
      this.#idle = true;
      const payload = await this.#receive();
      this.#idle = false;
      if (!payload || payload[0] === command.QUIT) return;
      await this.#answering(() => this.#dispatch(payload[0] ?? 0, new PacketReader(payload.subarray(1))));
    }
  }

  /** A bad statement is an error packet, never the end of the process. */
  async #answering(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof DropConnection) {
        this.drop();
        throw error;
      }
      const answer =
        error instanceof SqlError
          ? error
          : new SqlError(`embedded StarRocks: internal error: ${String(error)}`);
      this.#send(errorPacket(answer));
      return false;
    }
  }

  async #dispatch(code: number, packet: PacketReader): Promise<void> {
    switch (code) {
      case command.QUERY:
        return this.#query(packet.rest());
      case command.INIT_DB:
        await this.#handler.useDatabase(packet.rest());
        return this.#send(okPacket(ok(), false));
      case command.PING:
        return this.#send(okPacket(ok(), false));
      case command.FIELD_LIST: {
        const columns = await this.#handler.fieldList(packet.nullTerminated());
        for (const column of columns) this.#send(columnPacket(column, true));
        return this.#send(eofPacket(false));
      }
      case command.RESET_CONNECTION:
        this.#handler.reset();
        return this.#send(okPacket(ok(), false));
      case command.CHANGE_USER: {
        // The client computes its token from the greeting's scramble, which is gone: ask again.
        const login = readChangeUser(packet);
        this.#handler.reset();
        await this.#admit({ ...login, plugin: "" }, newScramble());
        return;
      }
      case command.STMT_PREPARE:
        return this.#handler.prepare(packet.rest());
      case command.STMT_CLOSE:
        return;
      default:
        throw new SqlError(`Unsupported command(${code})`, 1047, "08S01");
    }
  }

  async #query(sql: string): Promise<void> {
    const statements = this.#handler.split(sql);
    for (const [index, statement] of statements.entries()) {
      const result = await this.#handler.run(statement);
      await this.#write(result, index < statements.length - 1);
    }
  }

  async #write(result: Result, more: boolean): Promise<void> {
    if (result.kind === "ok") return this.#send(okPacket(result, more));
    this.#socket.cork();
    try {
      this.#send(columnCountPacket(result.columns.length));
      for (const column of result.columns) this.#send(columnPacket(column));
      this.#send(eofPacket(false));
      for await (const batch of result.batches) {
        this.#socket.cork();
        for (const row of batch) this.#send(rowPacket(row));
        this.#socket.uncork();
        this.#socket.uncork();
        await this.#drained();
        this.#socket.cork();
      }
      this.#send(eofPacket(more));
    } finally {
      this.#socket.uncork();
    }
  }
}
