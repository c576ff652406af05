import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../peers/program.ts";

/** PEM texts of a self-signed certificate. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * Makes a certificate with openssl.
 *
 * @param names whom it is for: `DNS:localhost`, `IP:127.0.0.1`
 * @param days how long it is valid from now on; 0: it has expired by the time it is used
 */
export async function selfSigned(names: string, days = 1): Promise<Certificate> {
  const dir = await mkdtemp(join(tmpdir(), "certificate-"));
  const [key, cert] = [join(dir, "key"), join(dir, "cert")];
  const request = `req -x509 -newkey rsa:2048 -nodes -days ${days} -subj /CN=test -addext subjectAltName=${names}`;
  const made = await run("openssl", [...request.split(" "), "-keyout", key, "-out", cert]);
  if (made.code !== 0) throw new Error(`openssl failed: ${made.stderr}`);
  const certificate = { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
  await rm(dir, { recursive: true });
  return certificate;
}
