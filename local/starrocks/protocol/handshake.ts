import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { PacketReader, PacketWriter } from "./wire.ts";

export const nativePassword = "mysql_native_password";

const capability = {
  LONG_PASSWORD: 0x1,
  LONG_FLAG: 0x4,
  CONNECT_WITH_DB: 0x8,
  PROTOCOL_41: 0x200,
  SSL: 0x800,
  SECURE_CONNECTION: 0x8000,
  PLUGIN_AUTH: 0x80000,
  CONNECT_ATTRS: 0x100000,
  PLUGIN_AUTH_LENENC: 0x200000,
} as const;

/** No DEPRECATE_EOF, no COMPRESS, no LOCAL_FILES; SSL only with a key (starrocks.md §15). */
const serverCapabilities = (tls: boolean): number =>
  Object.values(capability).reduce((all, one) => all | one, 0) & (tls ? ~0 : ~capability.SSL);

/** A login cut short after its flags: the rest follows encrypted. */
export const asksForTls = (payload: Buffer): boolean =>
  payload.length === 32 && (payload.readUInt32LE(0) & capability.SSL) !== 0;

/** 20 bytes without zero, as clients cut the second half at the first zero. */
export function newScramble(): Buffer {
  return Buffer.from(randomBytes(20).map((byte) => (byte % 127) + 1 || 1));
}

export function greeting(
  connectionId: number,
  scramble: Buffer,
  serverVersion: string,
  tls: boolean,
): Buffer {
  const capabilities = serverCapabilities(tls);
  return new PacketWriter()
    .int(10, 1)
    .text(serverVersion)
    .zeros(1)
    .int(connectionId, 4)
    .bytes(scramble.subarray(0, 8))
    .zeros(1)
    .int(capabilities & 0xffff, 2)
    .int(33, 1)
    .int(0x0002, 2)
    .int(capabilities >>> 16, 2)
    .int(21, 1)
    .zeros(10)
    .bytes(scramble.subarray(8))
    .zeros(1)
    .text(nativePassword)
    .zeros(1)
    .done();
}

export type Login = Readonly<{ user: string; token: Buffer; database: string; plugin: string }>;

export function readLogin(payload: Buffer): Login {
  const packet = new PacketReader(payload);
  const flags = packet.int(4);
  packet.int(4);
  packet.int(1);
  packet.bytes(23);
  const user = packet.nullTerminated();
  const length = flags & capability.PLUGIN_AUTH_LENENC ? packet.lenencInt() : packet.int(1);
  const token = packet.bytes(length);
  const database = flags & capability.CONNECT_WITH_DB && packet.left > 0 ? packet.nullTerminated() : "";
  const plugin = flags & capability.PLUGIN_AUTH && packet.left > 0 ? packet.nullTerminated() : nativePassword;
  return { user, token, database, plugin };
}

/** COM_CHANGE_USER carries the same facts in another order. */
export function readChangeUser(packet: PacketReader): Login {
  const user = packet.nullTerminated();
  const token = packet.bytes(packet.int(1));
  const database = packet.left > 0 ? packet.nullTerminated() : "";
  if (packet.left >= 2) packet.int(2);
  const plugin = packet.left > 0 ? packet.nullTerminated() : nativePassword;
  return { user, token, database, plugin };
}

export function switchToNativePassword(scramble: Buffer): Buffer {
  return new PacketWriter().int(0xfe, 1).text(nativePassword).zeros(1).bytes(scramble).zeros(1).done();
}

const sha1 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash("sha1");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** What the server keeps of a password: SHA1(SHA1(password)) as hex, or nothing for an empty one. */
export const passwordHash = (password: string): string =>
  password === "" ? "" : sha1(sha1(Buffer.from(password))).toString("hex");

/** The token is SHA1(password) under a mask made of the scramble and the hash. */
export function passwordMatches(hash: string, scramble: Buffer, token: Buffer): boolean {
  if (hash === "") return token.length === 0;
  if (token.length !== 20) return false;
  const kept = Buffer.from(hash, "hex");
  const mask = sha1(scramble, kept);
  const stage1 = token.map((byte, index) => byte ^ (mask[index] ?? 0));
  return timingSafeEqual(sha1(stage1), kept);
}
