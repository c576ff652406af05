import Table from "cli-table3";
import { createColors } from "picocolors";

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
      for (const line of plainTable(rows).split("\n")) write(`   ${line}`.trimEnd());
    },
    verified: (text) => write(`   ${paint.green("ok")} ${text}`),
  };
}

/** Columns aligned by spaces, a header, no frame: reads the same in a terminal, a log and a pipe. */
function plainTable(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const header = Object.keys(rows[0] ?? {});
  const none = {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    left: "",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: "  ",
  };
  const table = new Table({
    head: header,
    chars: none,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows.map((row) => header.map((column) => String(row[column] ?? "NULL"))));
  return table.toString();
}
