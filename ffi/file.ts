/**
 * Files as the kernel identifies them, and files that are written without following symbolic links and without ever blocking.
 *
 * @module
 */

import * as C from "./constants.ts";
import { check, ERRNO, errnoText, lastErrno, SyscallError } from "./errno.ts";
import { statx } from "./layout.ts";
import { libc } from "./libc.ts";
import { keepAlive, pin, pinString, usize } from "./memory.ts";
import { Fd } from "./fd.ts";

export { effectiveUser } from "./credentials.ts";

/** The kinds of file that inode(7) lists. */
export type FileKind = "file" | "directory" | "link" | "pipe" | "socket" | "character device" | "block device";

const KINDS: ReadonlyMap<number, FileKind> = new Map([
  [C.S_IFREG, "file"],
  [C.S_IFDIR, "directory"],
  [C.S_IFLNK, "link"],
  [C.S_IFIFO, "pipe"],
  [C.S_IFSOCK, "socket"],
  [C.S_IFCHR, "character device"],
  [C.S_IFBLK, "block device"],
]);

/** The result of statx(2). */
interface FileStatus {
  /** Device and inode: equal for two paths exactly if they lead to one file. */
  readonly id: string;
  readonly kind: FileKind;
  /** The user that owns it. */
  readonly owner: number;
  /** Its length in bytes; 0 for what has none. */
  readonly length: number;
  /** The number of its names; 0 once the last was removed. */
  readonly names: number;
}

/** More than the longest path, PATH_MAX of `<linux/limits.h>`. */
const PATH_ROOM = 4096;
/** As for every program: what the umask leaves of it. */
const NEW_FILE_MODE = 0o666;

/**
 * Reports a file's status; of a symbolic link itself where `follow` is false.
 *
 * @throws {SyscallError} If there is no such file, or it may not be looked at.
 */
export function statFile(path: string, { follow = true }: { readonly follow?: boolean } = {}): FileStatus {
  return statAt(C.AT_FDCWD, path, follow ? 0 : C.AT_SYMLINK_NOFOLLOW);
}

/**
 * Reports the status of an open descriptor.
 *
 * @throws {SyscallError} If it is not open.
 */
export function statDescriptor(number: number): FileStatus {
  return statAt(number, "", C.AT_EMPTY_PATH);
}

function statAt(directory: number, path: string, flags: number): FileStatus {
  const [name, status] = [pinString(path), pin(statx.size)];
  check(libc().statx(directory, name.pointer, flags, C.STATX_BASIC_STATS, status.pointer), "statx");
  keepAlive(name);
  const { view } = status;
  const [major, minor] = [view.getUint32(statx.stx_dev_major, true), view.getUint32(statx.stx_dev_minor, true)];
  const kind = KINDS.get(view.getUint16(statx.stx_mode, true) & C.S_IFMT) ?? "file";
  return {
    id: `${major}:${minor}:${view.getBigUint64(statx.stx_ino, true)}`,
    kind,
    owner: view.getUint32(statx.stx_uid, true),
    names: view.getUint32(statx.stx_nlink, true),
    length: kind === "file" ? Number(view.getBigUint64(statx.stx_size, true)) : 0,
  };
}

/**
 * Returns the target of a symbolic link, as it is written in it.
 *
 * @throws {SyscallError} If there is no such link.
 */
export function readLink(path: string): string {
  const [name, target] = [pinString(path), pin(PATH_ROOM)];
  const length = check(libc().readlink(name.pointer, target.pointer, usize(PATH_ROOM)), "readlink");
  keepAlive(name);
  return new TextDecoder().decode(target.bytes.subarray(0, length));
}

/** True for the error of a call that found nothing at a path. */
export function isMissing(error: unknown): boolean {
  return error instanceof SyscallError && (error.errno === ERRNO.ENOENT || error.errno === ERRNO.ENOTDIR);
}

/** Error numbers for which Deno has an error class. */
const ERRORS: ReadonlyMap<number, new (message: string) => Error> = new Map([
  [ERRNO.ENOENT, Deno.errors.NotFound],
  [ERRNO.EPERM, Deno.errors.PermissionDenied],
  [ERRNO.EACCES, Deno.errors.PermissionDenied],
  [ERRNO.EISDIR, Deno.errors.IsADirectory],
  [ERRNO.ENOTDIR, Deno.errors.NotADirectory],
  [ERRNO.ELOOP, Deno.errors.FilesystemLoop],
  [ERRNO.EPIPE, Deno.errors.BrokenPipe],
  [ERRNO.EAGAIN, Deno.errors.WouldBlock],
]);

/** Thrown where a pipe is opened that no process reads. */
export class NoReaderError extends Error {
  override readonly name = "NoReaderError";
}

/** The error that Deno's own functions throw for an error number, in the same words. */
function fileError(errno: number): Error {
  if (errno === ERRNO.ENXIO) return new NoReaderError("no process reads it");
  const message = `${errnoText(errno)} (os error ${errno})`;
  const Known = ERRORS.get(errno);
  return Known === undefined ? new Error(message) : new Known(message);
}

function checkFile(result: number): number {
  if (result === -1) throw fileError(lastErrno());
  return result;
}

/** Options of opening a file. */
interface OpenFileOptions {
  /** True to read as well, and not to create. */
  readonly isOld: boolean;
  /** True to refuse a symbolic link. */
  readonly noFollow: boolean;
}

/** A file that is open for writing. A pipe or device that takes nothing at the moment throws instead of blocking. */
export class WritableFile implements Disposable {
  readonly status: FileStatus;
  /** True where opening has created it. */
  readonly isNew: boolean;
  readonly #path: string;
  readonly #fd: Fd;

  /**
   * Opens or creates a file, without changing what is in it.
   *
   * @throws {NoReaderError} If it is a pipe that no process reads.
   * @throws {Error} Errors of Deno's, if it cannot be opened.
   */
  constructor(path: string, { isOld, noFollow }: OpenFileOptions) {
    this.#path = path;
    const flags = C.O_NONBLOCK | C.O_NOCTTY | C.O_CLOEXEC | (noFollow ? C.O_NOFOLLOW : 0);
    // With O_EXCL no symbolic link is followed, dangling or not. O_CREAT again: the kernel's protection of other users' files
    // in /tmp (fs.protected_regular, fs.protected_fifos) depends on it.
    const created = isOld ? -1 : open(path, flags | C.O_WRONLY | C.O_CREAT | C.O_EXCL);
    this.isNew = created !== -1;
    if (!isOld && !this.isNew && lastErrno() !== ERRNO.EEXIST) throw fileError(lastErrno());
    const access = isOld ? C.O_RDWR : C.O_WRONLY | C.O_CREAT;
    this.#fd = new Fd(this.isNew ? created : checkFile(open(path, flags | access)));
    try {
      this.status = statDescriptor(this.#fd.number);
    } catch (error) {
      this.#fd.close();
      throw error;
    }
  }

  /**
   * Writes from the current position; returns how many bytes were taken.
   *
   * @throws {Deno.errors.WouldBlock} Where it takes nothing at the moment.
   * @throws {Error} Errors of Deno's, if it cannot be written.
   */
  write(bytes: Uint8Array<ArrayBuffer>): number {
    for (;;) {
      const count = libc().write(this.#fd.number, bytes, usize(bytes.length));
      if (count !== -1) return count;
      if (lastErrno() !== ERRNO.EINTR) throw fileError(lastErrno());
    }
  }

  /** Reads `length` bytes from `offset`, fewer where the file ends before. */
  readAt(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const rest = bytes.subarray(done);
      const count = checkFile(libc().pread(this.#fd.number, rest, usize(rest.length), BigInt(offset + done)));
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  }

  /** Moves the position to `offset`. */
  seek(offset: number): void {
    if (libc().lseek(this.#fd.number, BigInt(offset), 0) === -1n) throw fileError(lastErrno());
  }

  /** Sets its length. */
  truncate(length: number): void {
    checkFile(libc().ftruncate(this.#fd.number, BigInt(length)));
  }

  /** Waits until what was written is on the disk. */
  async sync(): Promise<void> {
    if (await libc().fdatasyncAside(this.#fd.number) !== 0) throw fileError(ERRNO.EIO);
  }

  /** False where its path has come to lead to another file, or to none. */
  isInPlace(): boolean {
    try {
      return statFile(this.#path).id === this.status.id;
    } catch (error) {
      if (isMissing(error)) return false;
      // A directory that may not be searched any more, as by the user that a scan goes on as.
      return statDescriptor(this.#fd.number).names > 0;
    }
  }

  /** Removes it from its directory, where it was created and still is. */
  remove(): void {
    if (!this.isNew || !this.isInPlace()) return;
    const name = pinString(this.#path);
    libc().unlink(name.pointer);
    keepAlive(name);
  }

  close(): void {
    this.#fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function open(path: string, flags: number): number {
  const name = pinString(path);
  const number = libc().openat(C.AT_FDCWD, name.pointer, flags, NEW_FILE_MODE);
  keepAlive(name);
  return number;
}
