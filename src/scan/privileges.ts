/**
 * Drops privileges once the sockets of a scan are open: the process keeps only those that the rest of the scan needs.
 *
 * @module
 */

import { CAP_NET_BIND_SERVICE, CAP_NET_RAW } from "../../ffi/constants.ts";
import {
  becomeUser,
  dropCapabilitiesEverywhere,
  effectiveUser,
  forbidNewPrivileges,
  forbidNewPrivilegesEverywhere,
  forbidTracing,
  mayReplace,
  takeGroups,
  type User,
  withFileAccessOf,
} from "../../ffi/credentials.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { DENIED, denyingFilter, filterEveryThread } from "../../ffi/seccomp.ts";
import { environmentVariable, kernelVersion } from "../../ffi/system.ts";
import type { LaterUser, ScanOptions } from "./options.ts";

/** The overflow user (user_namespaces(7)), which most systems name "nobody". */
const NOBODY_USER: LaterUser = { uid: 65534, gid: 65534, name: "nobody" };
const ROOT: LaterUser = { uid: 0, gid: 0 };
/** Numbers of users and groups end before this; it means "none". */
const NO_ID = 0xffff_ffff;
/** A command of sudo's that is a shell without arguments (`sudo -i`, `sudo su`): its user wants to be root. */
const ROOT_SHELL = /(^|\/)(\w*sh|su)$/;
/** From this version on, a socket may be bound to an interface without CAP_NET_RAW. */
const FREE_BIND_TO_DEVICE = 5007;
const LOWEST_FREE_PORT = 1024;

/** Returns the user who called sudo for this program, unless that is root. */
export function invokingUser(): LaterUser | undefined {
  if (effectiveUser() !== 0 || ROOT_SHELL.test(environmentVariable("SUDO_COMMAND") ?? "")) return undefined;
  const uid = readId(environmentVariable("SUDO_UID"));
  if (uid === undefined || uid === 0) return undefined;
  const gid = readId(environmentVariable("SUDO_GID"));
  const name = environmentVariable("SUDO_USER");
  // Without a group, that of the user nobody: root's would be a privilege.
  return {
    uid,
    gid: gid === undefined || gid === 0 ? NOBODY_USER.gid : gid,
    ...(name && name !== "root" ? { name } : {}),
  };
}

/** Reads the number of a user or a group; `undefined` where the text is none. */
export function readId(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id < NO_ID ? id : undefined;
}

/**
 * Chooses the user that the process becomes: under sudo the user who called it; otherwise the user nobody, or if that user may
 * not replace one of `files`, the owner of its folder, or at last root, without capabilities.
 */
export function chooseLaterUser(files: readonly string[]): LaterUser {
  const invoking = invokingUser();
  if (invoking !== undefined) {
    attempt([], "", () => takeGroups(invoking.name, invoking.gid));
    return invoking;
  }
  if (effectiveUser() !== 0 || files.length === 0) return NOBODY_USER;
  attempt([], "", () => takeGroups(undefined, 0));
  const owners = files.map(ownerOfFolder).filter((owner) => owner !== undefined);
  return [NOBODY_USER, ...owners].find((user) => files.every((file) => mayReplaceAs(user, file))) ?? ROOT;
}

function mayReplaceAs(user: User, file: string): boolean {
  return mayActAs(user) && withFileAccessOf(user, () => mayReplace(file)) === "yes";
}

function ownerOfFolder(file: string): User | undefined {
  const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : ".";
  try {
    const { uid, gid } = Deno.statSync(folder);
    return uid === null || gid === null ? undefined : { uid, gid };
  } catch {
    // The folder does not exist or may not be read, so its owner is unknown.
    return undefined;
  }
}

/**
 * Calls a function that creates or opens files with the file access of `user`, if this process runs as root: new files belong
 * to that user, and a file that the user may not replace fails now instead of later.
 *
 * @throws {Deno.errors.PermissionDenied} If that user may not; the message names the user.
 */
export function withRightsOf<T>(user: LaterUser | undefined, action: () => T): T {
  if (user === undefined || effectiveUser() !== 0 || !mayActAs(user)) return action();
  try {
    return withFileAccessOf(user, action);
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new Deno.errors.PermissionDenied(`permission denied to ${describeUser(user)}, as whom the scan continues`);
  }
}

/** Returns false in a container that has no such user. */
function mayActAs(user: User): boolean {
  return attempt([], "", () => withFileAccessOf(user, () => {}));
}

/** Describes a user in messages. */
function describeUser({ uid, name }: LaterUser): string {
  if (uid === 0) return "root";
  return name === undefined ? `user ${uid}` : `${name} (user ${uid})`;
}

let isDropped = false;

/**
 * Drops the privileges that the rest of a scan does not need, in every thread and for good: root's identity, capabilities, the
 * right to gain others, system calls. Call it once all sockets are open, and before the first probe is sent.
 *
 * @param sendsPackets False if the kernel connects, by sockets that are opened later.
 * @returns The privileges that were dropped, and those that could not be, a line each.
 */
export function dropPrivileges(
  sendsPackets: boolean,
  options: Pick<ScanOptions, "dropPrivileges" | "sourcePort" | "interface">,
): string[] {
  if (!options.dropPrivileges || isDropped) return [];
  isDropped = true;
  const user = typeof options.dropPrivileges === "object" ? options.dropPrivileges : invokingUser() ?? NOBODY_USER;
  const keep = sendsPackets ? [] : connectCapabilities(options);
  const notes: string[] = [];
  const wasRoot = effectiveUser() === 0;
  if (wasRoot) {
    // Groups first: an ordinary user may not leave them.
    attempt(
      notes,
      "Supplementary groups stay",
      () => takeGroups(user.name === "nobody" ? undefined : user.name, user.gid),
    );
    attempt(notes, "The process stays root", () => becomeUser(user, keep));
  }
  attempt(notes, "Some threads keep their capabilities", () => dropCapabilitiesEverywhere(keep));
  forbidTracing();
  forbidNewPrivileges();
  const isFiltered = attempt(notes, "System calls are not filtered", () => filterEveryThread(denyingFilter()));
  if (!isFiltered) attempt(notes, "Some threads may gain privileges", forbidNewPrivilegesEverywhere);
  const who = wasRoot && effectiveUser() === user.uid ? ` as ${describeUser(user)}` : "";
  const denied = isFiltered ? `; ${DENIED.length} system calls are denied` : "";
  return [`The scan continues${who} with ${capabilitiesText(keep)}${denied}`, ...notes];
}

/** Returns the capabilities that the rest of a connect scan needs: connect(2) opens sockets until it ends. */
function connectCapabilities(options: Pick<ScanOptions, "sourcePort" | "interface">): number[] {
  const { sourcePort = LOWEST_FREE_PORT, interface: link } = options;
  return [
    ...(sourcePort < LOWEST_FREE_PORT ? [CAP_NET_BIND_SERVICE] : []),
    ...(link !== undefined && kernelVersion() < FREE_BIND_TO_DEVICE ? [CAP_NET_RAW] : []),
  ];
}

function capabilitiesText(keep: readonly number[]): string {
  if (keep.length === 0) return "no capabilities";
  const names = keep.map((number) => number === CAP_NET_RAW ? "CAP_NET_RAW" : "CAP_NET_BIND_SERVICE");
  return `${names.join(" and ")}, to bind the socket of each connection`;
}

/** Performs an action that a kernel or a container may refuse; a note reports the refusal. */
function attempt(notes: string[], consequence: string, action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    notes.push(`${consequence}: ${error.message}`);
    return false;
  }
}
