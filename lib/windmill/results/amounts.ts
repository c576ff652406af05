import prettyBytes from "pretty-bytes";

/** `1 partition`, `12 partitions`. */
export function counted(count: number, thing: string): string {
  return `${number(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** `20,000`. */
export function number(count: number): string {
  return count.toLocaleString("en-US");
}

/** `7 days`, `36 hours`: as it is said in forms, which take whole hours. */
export function duration(seconds: number): string {
  return seconds % 86_400 === 0
    ? counted(seconds / 86_400, "day")
    : counted(Math.round(seconds / 3600), "hour");
}

export function size(bytes: number): string {
  return prettyBytes(bytes);
}
