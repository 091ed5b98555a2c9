/**
 * The file behind a path, by device and inode, and the symbolic links to it.
 *
 * @module
 */
import { type FileKind, isMissing, readLink, statDescriptor, statFile } from "../../ffi/file.ts";

/** A file, or the place of one that does not exist yet. */
export interface FileIdentity {
  /** Equal for two paths exactly if they lead to one file, or would create one file. */
  readonly id: string;
  readonly kind: FileKind | "missing";
  /** The user that owns it; undefined where it does not exist. */
  readonly owner: number | undefined;
  /** A path to the same file without symbolic links; undefined where the kernel alone follows one, as in `/dev/fd/3`. */
  readonly path: string | undefined;
  /** The symbolic links on the way, in order. The last is a name for the file itself where `isLink`. */
  readonly links: readonly Link[];
  readonly isLink: boolean;
}

/** A symbolic link. */
interface Link {
  readonly path: string;
  readonly owner: number;
}

/** As many links as the kernel follows, path_resolution(7). */
const MAX_LINKS = 40;
/** Links in here lead to open descriptors, of which the kernel alone knows the file. */
const DESCRIPTORS = /^\/proc\/\d+\/(task\/\d+\/)?fd$/;

/** Identifies the file that a path leads to; undefined where its directory does not exist or may not be searched. */
export function identify(path: string): FileIdentity | undefined {
  const way = resolveLinks(path);
  if (way === undefined) return undefined;
  const { folder, name, links, isLink } = way;
  const resolved = joined(folder, name);
  const isMagic = DESCRIPTORS.test(folder);
  const file = attempt(() => statFile(resolved));
  if (file !== undefined) {
    const { id, kind, owner } = file;
    return { id, kind, owner, path: isMagic ? undefined : resolved, links, isLink };
  }
  const parent = attempt(() => statFile(folder));
  if (parent === undefined || name === "") return undefined;
  return { id: `${parent.id}/${name}`, kind: "missing", owner: undefined, path: resolved, links, isLink };
}

/** Identifies what an open descriptor leads to; undefined where it is closed. */
export function identifyDescriptor(number: number): FileIdentity | undefined {
  const file = attempt(() => statDescriptor(number));
  if (file === undefined) return undefined;
  return { id: file.id, kind: file.kind, owner: file.owner, path: undefined, links: [], isLink: false };
}

/** False where there is certainly no file at a path, nor a symbolic link. */
export function mayExist(path: string): boolean {
  try {
    statFile(path, { follow: false });
    return true;
  } catch (error) {
    return !isMissing(error);
  }
}

interface Way {
  /** A directory, without symbolic links, and the name in it. */
  readonly folder: string;
  readonly name: string;
  readonly links: readonly Link[];
  readonly isLink: boolean;
}

/** Resolves every symbolic link of a path, also those that lead to nothing; undefined where there are too many. */
function resolveLinks(path: string): Way | undefined {
  const links: Link[] = [];
  let folder = path.startsWith("/") ? "/" : ".";
  let parts = partsOf(path);
  let isLink = false;
  for (;;) {
    const [name = "", ...rest] = parts;
    if (parts.length === 0) return { folder, name: "", links, isLink };
    const here = joined(folder, name);
    const status = DESCRIPTORS.test(folder) ? undefined : attempt(() => statFile(here, { follow: false }));
    if (status?.kind === "link") {
      const target = attempt(() => readLink(here));
      if (target === undefined || links.length === MAX_LINKS) return undefined;
      links.push({ path: here, owner: status.owner });
      isLink ||= rest.length === 0;
      if (target.startsWith("/")) folder = "/";
      parts = [...partsOf(target), ...rest];
    } else if (rest.length === 0) {
      return { folder, name, links, isLink };
    } else {
      folder = here;
      parts = rest;
    }
  }
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function joined(folder: string, name: string): string {
  if (folder === ".") return name === "" ? "." : name;
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
