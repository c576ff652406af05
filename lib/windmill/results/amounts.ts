import prettyBytes from "pretty-bytes";

/** `1 partition`, `12 partitions`. */
export function counted(count: number, thing: string): string {
  return `${number(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** `20,000`. */
export function number(count: number): string {
  return count.toLocaleString("en-US");
}

export function size(bytes: number): string {
  return prettyBytes(bytes);
}
