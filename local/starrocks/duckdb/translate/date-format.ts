import { unsupported } from "../../basics/errors.ts";

/** MySQL date format letters that differ from strftime's. */
const letters: Record<string, string> = {
  i: "%M",
  s: "%S",
  f: "%f",
  M: "%B",
  k: "%-H",
  l: "%-I",
  h: "%I",
  e: "%-d",
  c: "%-m",
  T: "%H:%M:%S",
  r: "%I:%M:%S %p",
  W: "%A",
  x: "%G",
  v: "%V",
};

/** Letters that mean the same to both. */
const same = "YymdHISpjabwU%";

/** Letters MySQL knows and strftime has no word for: `5th`, and weeks counted in other ways. */
const missing = "DuVX";

/** Translates a format given as an SQL string literal; StarRocks also takes `yyyy-MM-dd` and the like. */
export function dateFormat(literal: string): string {
  if (!/^'(?:[^']|'')*'$/.test(literal)) throw unsupported("A date format that is no literal");
  if (literal === "'yyyy-MM-dd HH:mm:ss'") return "'%Y-%m-%d %H:%M:%S'";
  if (literal === "'yyyy-MM-dd'") return "'%Y-%m-%d'";
  if (literal === "'yyyyMMdd'") return "'%Y%m%d'";
  return literal.replaceAll(/%(.)/g, (whole, letter: string) => {
    if (missing.includes(letter)) throw unsupported(`Date format %${letter}`);
    return letters[letter] ?? (same.includes(letter) ? whole : letter);
  });
}
