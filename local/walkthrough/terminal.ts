import { createColors } from "picocolors";
import { aligned } from "../aligned.ts";

/** Where the story is told: colours on a terminal, plain text elsewhere (CI, pipes). */
export interface Terminal {
  /** A numbered chapter. */
  chapter(title: string, why: string): void;
  say(text: string): void;
  /** A statement or command the reader could type. */
  typed(text: string): void;
  /** What a running step says. */
  log(line: string): void;
  table(rows: readonly Readonly<Record<string, unknown>>[]): void;
  /** States a fact that was just verified. */
  verified(text: string): void;
}

/** Fails the story: a fact that should hold does not. */
export class StoryFailed extends Error {
  override readonly name = "StoryFailed";
}

/** @param write gets whole lines */
export function terminal(write: (line: string) => void, colours: boolean): Terminal {
  const paint = createColors(colours);
  let chapters = 0;
  return {
    chapter(title, why) {
      chapters++;
      write("");
      write(paint.bold(paint.cyan(`${chapters}. ${title}`)));
      write(paint.dim(`   ${why}`));
    },
    say: (text) => write(`   ${text}`),
    typed: (text) => write(`   ${paint.yellow(text)}`),
    log: (line) => write(paint.dim(`     ${line}`)),
    table(rows) {
      const header = Object.keys(rows[0] ?? {});
      const cells = rows.map((row) => header.map((column) => String(row[column] ?? "NULL")));
      for (const line of aligned([header, ...cells])) write(`   ${line}`.trimEnd());
    },
    verified: (text) => write(`   ${paint.green("ok")} ${text}`),
  };
}
