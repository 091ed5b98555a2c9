/**
 * The interface that the user wants packets to leave by.
 *
 * @module
 */

import { dumpLinks, type Link, linkNamed } from "../../ffi/netlink/link.ts";
import { UsageError } from "../base/errors.ts";

/**
 * Returns the interface that the user named.
 *
 * @throws {UsageError} If there is none of that name.
 */
export function wantedLink(name: string): Link {
  const links = dumpLinks();
  const link = linkNamed(name, links);
  if (link !== undefined) return link;
  const names = links.flatMap(({ name, otherNames }) => [name, ...otherNames]).join(", ");
  throw new UsageError(`Cannot send by ${name}: there is no such interface. Give one of ${names}`);
}
