/** Growing byte buffer with the MySQL protocol's integer and string encodings. */
export class PacketWriter {
  #buffer = Buffer.allocUnsafe(256);
  #length = 0;

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }

  int(value: number, bytes: number): this {
    this.#room(bytes);
    this.#buffer.writeUIntLE(value, this.#length, bytes);
    this.#length += bytes;
    return this;
  }

  zeros(bytes: number): this {
    this.#room(bytes);
    this.#buffer.fill(0, this.#length, this.#length + bytes);
    this.#length += bytes;
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#room(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  text(value: string): this {
    const size = Buffer.byteLength(value);
    this.#room(size);
    this.#length += this.#buffer.write(value, this.#length);
    return this;
  }

  lenencInt(value: number): this {
    if (value < 251) return this.int(value, 1);
    if (value < 0x10000) return this.int(0xfc, 1).int(value, 2);
    if (value < 0x1000000) return this.int(0xfd, 1).int(value, 3);
    return this.int(0xfe, 1)
      .int(value % 0x100000000, 4)
      .int(Math.floor(value / 0x100000000), 4);
  }

  lenencText(value: string): this {
    return this.lenencInt(Buffer.byteLength(value)).text(value);
  }

  lenencBytes(value: Uint8Array): this {
    return this.lenencInt(value.length).bytes(value);
  }

  done(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

export class PacketReader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get left(): number {
    return this.#buffer.length - this.#at;
  }

  int(bytes: number): number {
    if (this.left < bytes) throw new RangeError("malformed packet");
    const value = this.#buffer.readUIntLE(this.#at, bytes);
    this.#at += bytes;
    return value;
  }

  bytes(count: number): Buffer {
    if (this.left < count) throw new RangeError("malformed packet");
    const value = this.#buffer.subarray(this.#at, this.#at + count);
    this.#at += count;
    return value;
  }

  lenencInt(): number {
    const first = this.int(1);
    if (first < 251) return first;
    if (first === 0xfc) return this.int(2);
    if (first === 0xfd) return this.int(3);
    const low = this.int(4);
    return low + this.int(4) * 0x100000000;
  }

  nullTerminated(): string {
    const end = this.#buffer.indexOf(0, this.#at);
    const stop = end < 0 ? this.#buffer.length : end;
    const value = this.#buffer.toString("utf8", this.#at, stop);
    this.#at = Math.min(stop + 1, this.#buffer.length);
    return value;
  }

  rest(): string {
    const value = this.#buffer.toString("utf8", this.#at);
    this.#at = this.#buffer.length;
    return value;
  }
}

const maxPayload = 0xffffff;

/** Cuts a byte stream into packets; payloads of 16 MB and more arrive in several and are joined (§1.6). */
export class PacketSplitter {
  #chunks: Buffer[] = [];
  #size = 0;
  #parts: Buffer[] = [];

  push(chunk: Buffer): { sequence: number; payload: Buffer }[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const packets: { sequence: number; payload: Buffer }[] = [];
    for (;;) {
      if (this.#size < 4) return packets;
      const header = this.#peek(4);
      const length = header.readUIntLE(0, 3);
      if (this.#size < 4 + length) return packets;
      const packet = this.#take(4 + length);
      this.#parts.push(packet.subarray(4));
      if (length === maxPayload) continue;
      const [only] = this.#parts;
      packets.push({
        sequence: packet.readUInt8(3),
        payload: only && this.#parts.length === 1 ? only : Buffer.concat(this.#parts),
      });
      this.#parts = [];
    }
  }

  /** Bytes that came and made no packet. */
  takeRest(): Buffer {
    const rest = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#size = 0;
    return rest;
  }

  #peek(bytes: number): Buffer {
    const [first] = this.#chunks;
    if (first && first.length >= bytes) return first;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  #take(bytes: number): Buffer {
    const joined = this.#peek(bytes);
    this.#chunks[0] = joined.subarray(bytes);
    this.#size -= bytes;
    return joined.subarray(0, bytes);
  }
}

/** Frames one payload, splitting at 16 MB; returns the next sequence number. */
export function frame(payload: Buffer, sequence: number, emit: (bytes: Buffer) => void): number {
  let next = sequence;
  let at = 0;
  for (;;) {
    const part = payload.subarray(at, at + maxPayload);
    const header = Buffer.allocUnsafe(4);
    header.writeUIntLE(part.length, 0, 3);
    header.writeUInt8(next & 0xff, 3);
    emit(header);
    emit(part);
    next += 1;
    at += part.length;
    if (part.length < maxPayload) return next;
  }
}
