import { isIPv6 } from "node:net";

/** Where something listens, as people write it: `fe1:9030`, `[::1]:9030`. */
export function placeOf(host: string, port: number | string): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
