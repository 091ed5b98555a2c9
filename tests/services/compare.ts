/**
 * Compares what a scanner says of ports with the truth of recipes.
 *
 * @module
 */

import type { RecipePort } from "./recipe.ts";

/** The report of a scanner on one port. */
export interface Claim {
  readonly port: number;
  readonly service: string;
  readonly product: string;
  readonly version: string;
}

/** A port with its truth; the version is the true one, whether or not the server tells it. */
export interface TruePort {
  readonly recipePort: RecipePort;
  /** The version that the server tells. */
  readonly told: string | undefined;
}

/** One part of a claim, compared with the truth; "untold" where there is no truth to compare with. */
type Outcome = "right" | "wrong" | "missing" | "untold";

/** The outcomes of one port. */
export interface Comparison {
  readonly port: TruePort;
  readonly claim: Claim | undefined;
  readonly service: Outcome;
  readonly product: Outcome;
  readonly version: Outcome;
}

/** Compares a claim about a port with its truth. */
export function compareClaim(port: TruePort, claim: Claim | undefined): Comparison {
  const { services, products } = port.recipePort;
  const isUnknown = claim === undefined || claim.service === "" || claim.service === "unknown";
  return {
    port,
    claim,
    service: isUnknown ? "missing" : services.some((one) => sounds(claim.service, one)) ? "right" : "wrong",
    product: products.length === 0
      ? "untold"
      : outcome(claim?.product, (product) => products.some((one) => sounds(product, one))),
    version: port.told === undefined
      ? "untold"
      : outcome(claim?.version, (version) => port.told!.split("/").some((one) => hasVersion(version, one))),
  };
}

/** Returns the number of comparisons whose part has an outcome. */
export function count(all: readonly Comparison[], part: "service" | "product" | "version", outcome: Outcome): number {
  return all.filter((one) => one[part] === outcome).length;
}

function outcome(claimed: string | undefined, isRight: (claimed: string) => boolean): Outcome {
  if (claimed === undefined || claimed === "") return "missing";
  return isRight(claimed) ? "right" : "wrong";
}

function sounds(claimed: string, truth: string): boolean {
  return claimed.toLowerCase().includes(truth.toLowerCase());
}

/** Returns true if a claimed version is the true one, or begins with it, as 2.4.2 does with 2.4; 6.2 is 6.2.0. */
function hasVersion(claimed: string, truth: string): boolean {
  return claimed === truth || `${claimed}.0` === truth ||
    claimed.startsWith(truth) && !/^\d/.test(claimed.slice(truth.length));
}

/** Reads the claims in nmap's XML, which synscan writes, too. A name from the port table is no claim. */
export function readClaims(xml: string): Map<number, Claim> {
  const claims = new Map<number, Claim>();
  for (const [, port, body] of xml.matchAll(/<port [^>]*portid="(\d+)"[^>]*>([^]*?)<\/port>/g)) {
    const tag = /<service [^>]*>/.exec(body!)?.[0] ?? "";
    if (!/ state="open"/.test(body!) || attribute(tag, "method") !== "probed") continue;
    const [service, product, version] = ["name", "product", "version"].map((name) => attribute(tag, name));
    claims.set(Number(port), { port: Number(port), service: service!, product: product!, version: version! });
  }
  return claims;
}

function attribute(tag: string, name: string): string {
  const text = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
