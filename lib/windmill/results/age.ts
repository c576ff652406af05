const units = [
  ["y", 365 * 86_400],
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
] as const;

/** How long something is old, in its largest unit, rounded down: `59s`, `1h`, `2d`. */
export function age(seconds: number): string {
  const [unit, length] = units.find(([, least]) => seconds >= least) ?? ["s", 1];
  return `${Math.floor(seconds / length)}${unit}`;
}
