const units = [
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
] as const;

/** How old something is, in the largest unit that fits: `2d`, `5h`, `12m`, `40s`. */
export function age(seconds: number): string {
  const [unit, size] = units.find(([, inUnit]) => seconds >= inUnit) ?? ["s", 1];
  return `${Math.floor(seconds / size)}${unit}`;
}
