import { distance } from "fastest-levenshtein";
import * as z from "zod";
import { textField } from "./text-field.ts";

/**
 * A flow hands the names of its inputs to its first step: Windmill drops what no form field asks for, and a misspelt
 * `tables` would restore everything.
 */
export const givenNames = z
  .array(textField(/.+/, "write a name"))
  .default([])
  .meta({ title: "Given", description: "Names of the inputs the flow was started with; given by a flow." });

/** What a name was probably meant to be: fewer than half of it has to be changed. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((each) => ({ each, edits: distance(name.toLowerCase(), each) }))
    .sort((one, other) => one.edits - other.edits);
  return best !== undefined && best.edits <= name.length / 2 ? best.each : undefined;
}

/** Names that a form does not have, each in words; empty when there are none. */
export function unknownNames(names: readonly string[], known: readonly string[]): string | undefined {
  // Windmill adds names of its own to what a trigger sends.
  const unknown = names.filter((name) => !known.includes(name) && !/^(wm_|_|raw_string$)/.test(name));
  if (unknown.length === 0) return undefined;
  const said = unknown.map((name) => {
    const near = nearest(name, known);
    return near === undefined ? name : `${name} (did you mean ${near}?)`;
  });
  return `there is no input ${said.join(", ")}; there are ${known.join(", ")}`;
}

/**
 * Misspelt keys of a resource: those near to one that it lacks. Others are let be, since a resource may be shared with what
 * needs more.
 */
export function misspeltKeys(resource: unknown, known: readonly string[]): readonly string[] {
  if (typeof resource !== "object" || resource === null) return [];
  const keys = Object.keys(resource);
  return keys
    .filter((key) => !known.includes(key))
    .flatMap((key) => {
      const near = aliases.get(key) ?? nearest(key, known);
      return near === undefined || keys.includes(near) ? [] : [`${key} (did you mean ${near}?)`];
    });
}

/** What the same is called elsewhere. */
const aliases: ReadonlyMap<string, string> = new Map([
  ["hostname", "host"],
  ["hosts", "host"],
  ["username", "user"],
  ["pass", "password"],
  ["ca", "ca_cert"],
  ["tls", "ssl"],
  ["root_certificate_pem", "ca_cert"],
]);
