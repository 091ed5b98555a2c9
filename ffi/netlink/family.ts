/**
 * Address families in netlink messages: an IPv4 address is a number, an IPv6 address a bigint of 128 bits.
 *
 * @module
 */

import {
  AF_INET,
  AF_INET6,
  RTMGRP_IPV4_ROUTE,
  RTMGRP_IPV4_RULE,
  RTMGRP_IPV6_ROUTE,
  RTNLGRP_IPV6_RULE,
} from "../constants.ts";
import type { Attributes } from "./message.ts";

/** An address of either family. */
export type Address = number | bigint;

/** An address family. */
export interface AddressFamily<Of extends Address> {
  /** `AF_INET` or `AF_INET6`. */
  readonly number: number;
  /** Bits of an address. */
  readonly bits: number;
  /** The address whose bits are all zero. */
  readonly zero: Of;
  /** The multicast groups of its routes and policy rules, a bit each. */
  readonly routeGroups: number;
  /** Reads the address in an attribute; undefined where that has another length. */
  read(attributes: Attributes, type: number): Of | undefined;
}

/** IPv4. */
export const INET: AddressFamily<number> = {
  number: AF_INET,
  bits: 32,
  zero: 0,
  routeGroups: RTMGRP_IPV4_ROUTE | RTMGRP_IPV4_RULE,
  read: (attributes, type) => attributes.address(type),
};

/** IPv6. */
export const INET6: AddressFamily<bigint> = {
  number: AF_INET6,
  bits: 128,
  zero: 0n,
  routeGroups: RTMGRP_IPV6_ROUTE | 1 << RTNLGRP_IPV6_RULE - 1,
  read: (attributes, type) => attributes.address6(type),
};

/** Returns the family of an address. */
export function familyOf<Of extends Address>(address: Of): AddressFamily<Of> {
  return (typeof address === "bigint" ? INET6 : INET) as AddressFamily<Address> as AddressFamily<Of>;
}

/** Returns the bytes of an address in network order. */
export function addressBytes(address: Address): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(familyOf(address).bits / 8);
  const view = new DataView(bytes.buffer);
  if (typeof address === "number") view.setUint32(0, address);
  else {
    view.setBigUint64(0, address >> 64n);
    view.setBigUint64(8, BigInt.asUintN(64, address));
  }
  return bytes;
}
