/** MySQL date format letters that differ from strftime's. */
const letters: Record<string, string> = {
  i: "%M",
  s: "%S",
  S: "%S",
  f: "%f",
  M: "%B",
  k: "%-H",
  l: "%-I",
  h: "%I",
  e: "%-d",
  c: "%-m",
  D: "%-d",
  T: "%H:%M:%S",
  r: "%I:%M:%S %p",
  W: "%A",
  x: "%G",
  v: "%V",
};

/** Translates a format given as an SQL string literal; StarRocks also takes `yyyy-MM-dd` and the like. */
export function dateFormat(literal: string): string {
  if (literal === "'yyyy-MM-dd HH:mm:ss'") return "'%Y-%m-%d %H:%M:%S'";
  if (literal === "'yyyy-MM-dd'") return "'%Y-%m-%d'";
  if (literal === "'yyyyMMdd'") return "'%Y%m%d'";
  return literal.replaceAll(/%(.)/g, (whole, letter: string) => letters[letter] ?? whole);
}
