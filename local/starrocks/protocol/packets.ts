import type { SqlError } from "../basics/errors.ts";
import { type Cell, type ResultColumn, type ResultOk, type WireType, wireTypes } from "../basics/result.ts";
import { PacketWriter } from "./wire.ts";

const statusAutocommit = 0x0002;
const statusMoreResults = 0x0008;

const status = (more: boolean): number => statusAutocommit | (more ? statusMoreResults : 0);

export function okPacket(result: ResultOk, more: boolean): Buffer {
  const packet = new PacketWriter()
    .int(0x00, 1)
    .lenencInt(result.affectedRows)
    .lenencInt(0)
    .int(status(more), 2)
    .int(result.warnings ?? 0, 2);
  if (result.info !== undefined) packet.lenencText(result.info);
  return packet.done();
}

export function eofPacket(more: boolean): Buffer {
  return new PacketWriter().int(0xfe, 1).int(0, 2).int(status(more), 2).done();
}

export function errorPacket(error: SqlError): Buffer {
  return new PacketWriter()
    .int(0xff, 1)
    .int(error.code, 2)
    .text(`#${error.state}`)
    .text(error.message === "" ? "Unknown error" : error.message)
    .done();
}

export function columnCountPacket(count: number): Buffer {
  return new PacketWriter().lenencInt(count).done();
}

const displayLength: Partial<Record<WireType, number>> = {
  TINY: 4,
  SHORT: 6,
  LONG: 11,
  LONGLONG: 20,
  FLOAT: 12,
  DOUBLE: 22,
  DATE: 10,
  DATETIME: 19,
  NEWDECIMAL: 38,
};
const utf8 = 33;
const binary = 63;

/** `listed`: in the answer to COM_FIELD_LIST, where a default value follows. */
export function columnPacket(column: ResultColumn, listed = false): Buffer {
  const text = column.type === "VAR_STRING" || column.type === "STRING";
  const packet = new PacketWriter()
    .lenencText("def")
    .lenencText("")
    .lenencText("")
    .lenencText("")
    .lenencText(column.name)
    .lenencText(column.name)
    .int(0x0c, 1)
    .int(text ? utf8 : binary, 2)
    .int(displayLength[column.type] ?? 65533, 4)
    .int(wireTypes[column.type], 1)
    .int(0, 2)
    .int(column.decimals ?? 0, 1)
    .int(0, 2);
  return (listed ? packet.int(0xfb, 1) : packet).done();
}

export function rowPacket(row: readonly Cell[]): Buffer {
  const packet = new PacketWriter();
  for (const cell of row) {
    if (cell === null) packet.int(0xfb, 1);
    else if (typeof cell === "string") packet.lenencText(cell);
    else packet.lenencBytes(cell);
  }
  return packet.done();
}
