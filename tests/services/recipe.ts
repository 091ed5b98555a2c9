/**
 * Recipes: how a real server is started for a recording or a benchmark, and what it truly is.
 *
 * @module
 */

/** One listening port of a server, and the truth about it. */
export interface RecipePort {
  /** The name of its transcript. */
  readonly name: string;
  readonly port: number;
  /** Names of the service that are right; the first is that of the transcript. */
  readonly services: readonly string[];
  /** Names of the product that are right, the first as above; none where its replies do not show it. */
  readonly products: readonly string[];
  /** The version that the server tells, `{PACKAGE}` for that of an installed package; undefined if it tells none. */
  readonly version: string | undefined;
}

/** A server. */
export interface Recipe {
  readonly name: string;
  /** Debian packages; `unpack:NAME` for one that is only unpacked, because it conflicts with another; `npm:NAME[@VERSION]`. */
  readonly packages: readonly string[];
  /** Files by path in the root, with their text. */
  readonly files: Readonly<Record<string, string>>;
  /** A shell command that runs until it is killed, in the folder {@linkcode LAB} of the root. */
  readonly start: string;
  readonly ports: readonly RecipePort[];
  /** Recipes that must run, too. */
  readonly needs: readonly string[];
  /** Text that differs from run to run. */
  readonly masks: readonly RegExp[];
  /** Probes that this server does not survive, or that make it refuse the host afterwards; never sent by the recorder. */
  readonly omit: readonly string[];
  /** True if it serves a single connection in its life. */
  readonly isSingle: boolean;
  /** True if its ports are of UDP. */
  readonly isUdp: boolean;
}

/** The working folder of all servers in the root: holds `www`, `cert.pem`, `key.pem` and `both.pem`. */
export const LAB = "/lab";
/** The folder of packages that are only unpacked. */
export const UNPACKED = "/unpacked";

/** Returns the command of a server that starts a program for each connection. */
export function inetd(port: number, command: string): string {
  return `exec socat TCP-LISTEN:${port},fork,reuseaddr EXEC:"${command}",nofork`;
}

/** The optional parts of a recipe. */
export type RecipeOptions = Partial<Pick<Recipe, "files" | "needs" | "masks" | "omit" | "isSingle" | "isUdp">>;

/**
 * Makes a recipe. A port is written `[NAME:]PORT SERVICE[/SERVICE] | PRODUCT[/PRODUCT] | VERSION`, with `-` for what cannot
 * be told; its name is that of the recipe unless given.
 */
export function recipe(
  name: string,
  packages: string,
  start: string,
  ports: readonly string[],
  options: RecipeOptions = {},
): Recipe {
  return {
    name,
    packages: packages.split(" ").filter((word) => word !== ""),
    files: {},
    needs: [],
    masks: [],
    omit: [],
    isSingle: false,
    isUdp: false,
    ...options,
    start,
    ports: ports.map((text) => parsePort(name, text)),
  };
}

function parsePort(recipeName: string, text: string): RecipePort {
  const match = /^(?:([\w.-]+):)?(\d+) ([^|]+) \| ([^|]+) \| ([^|]+)$/.exec(text);
  if (match === null) throw new Error(`Cannot read the port "${text}" of the recipe ${recipeName}: wrong form`);
  const [, name, port, services, products, version] = match as unknown as string[];
  return {
    name: name ?? recipeName,
    port: Number(port),
    services: services!.split("/"),
    products: products === "-" ? [] : products!.split("/"),
    version: version === "-" ? undefined : version!,
  };
}

/** Returns the upstream part of a Debian version: no epoch, no Debian revision, no suffix of a repack. */
export function upstreamVersion(debian: string): string {
  return debian.replace(/^\d+:/, "").replace(/-[^-]*$/, "").replace(/[+~](dfsg|ds|really|repack|git).*$/, "");
}

/** Returns the name of an npm package, and the beginning of its version, from `NAME[@VERSION]`. */
export function npmPackage(word: string): { readonly name: string; readonly version: string } {
  const at = word.indexOf("@", 1);
  return at < 0 ? { name: word, version: "" } : { name: word.slice(0, at), version: word.slice(at + 1) };
}
