import type { ZodType } from "zod";
import { literal } from "../../starrocks/quote.ts";
import type { Value } from "../../starrocks/session.ts";
import { type Column, type Now, unreadable } from "./column.ts";

/*
 * The kinds of columns. What they are made of comes in one order: the name in SQL, the length in bytes, the values,
 * what the column says. None allows NULL by itself.
 */

/** @param bytes of UTF-8 */
export function varchar(name: string, bytes: number, about: string): Column<string> {
  return kind({ name, about, type: `VARCHAR(${bytes})`, holds: "text", read: textOf, write: literal });
}

/** Text of up to 65,533 bytes. */
export function string(name: string, about: string): Column<string> {
  return kind({ name, about, type: "STRING", holds: "text", read: textOf, write: literal });
}

export function int(name: string, about: string): Column<number> {
  return wholeNumber(name, "INT", about);
}

/** Read as a number: counts and sizes, no ids. */
export function bigint(name: string, about: string): Column<number> {
  return wholeNumber(name, "BIGINT", about);
}

function wholeNumber(name: string, type: string, about: string): Column<number> {
  const read = (value: string | number) => {
    const number = value === "" ? Number.NaN : Number(value);
    return Number.isSafeInteger(number) ? number : unreadable;
  };
  return kind({ name, about, type, holds: "a whole number", read, write: literal });
}

/** An instant in UTC, `yyyy-MM-dd HH:mm:ss`. */
export function datetime(name: string, about: string): Column<string, string | Now> {
  return kind<string, string | Now>({
    ...{ name, about, type: "DATETIME", holds: "a date and time" },
    read: (value) => (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(`${value}`) ? `${value}` : unreadable),
    write: (value) => (typeof value === "string" ? literal(value) : value.sql),
  });
}

export function boolean(name: string, about: string): Column<boolean> {
  return kind<boolean, boolean>({
    ...{ name, about, type: "BOOLEAN", holds: "true or false" },
    // Versions differ in how they print it.
    read(value) {
      if (["1", "true"].includes(`${value}`.toLowerCase())) return true;
      return ["0", "false"].includes(`${value}`.toLowerCase()) ? false : unreadable;
    },
    write: String,
  });
}

/** One of some words. */
export function oneOf<const Word extends string>(
  name: string,
  bytes: number,
  words: readonly Word[],
  about: string,
): Column<Word> {
  return kind<Word, Word>({
    ...{ name, about, type: `VARCHAR(${bytes})`, holds: `one of ${words.join(", ")}` },
    read: (value) => words.find((word) => word === value) ?? unreadable,
    write: literal,
  });
}

/** Words without commas, kept as text: `12,15`. */
export function wordList(name: string, bytes: number, about: string): Column<readonly string[]> {
  return kind<readonly string[], readonly string[]>({
    ...{ name, about, type: `VARCHAR(${bytes})`, holds: "words with commas between them" },
    read: (value) => `${value}`.split(",").filter((word) => word !== ""),
    write: (value) => literal(value.join(",")),
  });
}

/** JSON kept as text, of a form that is checked whenever it is read. */
export function json<Content>(name: string, form: ZodType<Content>, about: string): Column<Content> {
  return kind<Content, Content>({
    ...{ name, about, type: "STRING", holds: "JSON of the column's form" },
    read(value) {
      const parsed = form.safeParse(parsedJson(`${value}`));
      return parsed.success ? parsed.data : unreadable;
    },
    write: (value) => literal(JSON.stringify(value)),
  });
}

/** Undefined for what is no JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const textOf = (value: string | number) => `${value}`;

interface Kind<Read, Written> extends Pick<Column<Read, Written>, "name" | "type" | "holds" | "about"> {
  readonly read: (value: string | number) => Read | typeof unreadable;
  readonly write: (value: Written) => string;
}

/** A column that refuses NULL. */
export function kind<Read, Written = Read>({ read, ...column }: Kind<Read, Written>): Column<Read, Written> {
  return {
    ...column,
    definition: `${column.type} NOT NULL`,
    read: (value: Value) => (value === null ? unreadable : read(value)),
  };
}
