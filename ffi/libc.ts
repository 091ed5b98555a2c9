/**
 * The part of libc that synscan calls. Nothing is opened until {@linkcode libc} is called for the first time.
 *
 * Types are chosen for Deno's fast call path: `pointer` for memory that stays put, `usize` only where a BigInt made
 * beforehand is at hand, and `i32` for every `ssize_t` result that is known to fit (no BigInt comes back).
 *
 * @module
 */

const SYMBOLS = {
  // <errno.h>, <string.h>
  __errno_location: { parameters: [], result: "pointer" }, // int *
  strerror: {
    parameters: [
      "i32", // int errnum
    ],
    result: "pointer", // char *
  },

  // <unistd.h>, <fcntl.h>
  open: {
    parameters: [
      "pointer", // const char *pathname
      "i32", // int flags
    ],
    result: "i32", // int
  },
  openat: {
    parameters: [
      "i32", // int dirfd
      "pointer", // const char *pathname
      "i32", // int flags
      "u32", // mode_t mode
    ],
    result: "i32", // int
  },
  pread: {
    parameters: [
      "i32", // int fd
      "buffer", // void *buf
      "usize", // size_t count
      "i64", // off_t offset
    ],
    result: "i32", // ssize_t
  },
  write: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *buf
      "usize", // size_t count
    ],
    result: "i32", // ssize_t
  },
  ftruncate: {
    parameters: [
      "i32", // int fd
      "i64", // off_t length
    ],
    result: "i32", // int
  },
  /** `fdatasync` on a thread of Deno's pool; its errno cannot be read. */
  fdatasyncAside: {
    name: "fdatasync",
    parameters: [
      "i32", // int fd
    ],
    result: "i32", // int
    nonblocking: true,
  },
  readlink: {
    parameters: [
      "pointer", // const char *pathname
      "pointer", // char *buf
      "usize", // size_t bufsiz
    ],
    result: "i32", // ssize_t
  },
  unlink: {
    parameters: [
      "pointer", // const char *pathname
    ],
    result: "i32", // int
  },
  // <sys/stat.h>
  statx: {
    parameters: [
      "i32", // int dirfd
      "pointer", // const char *pathname
      "i32", // int flags
      "u32", // unsigned int mask
      "pointer", // struct statx *statxbuf
    ],
    result: "i32", // int
  },

  // <unistd.h>
  read: {
    parameters: [
      "i32", // int fd
      "pointer", // void *buf
      "usize", // size_t count
    ],
    result: "i32", // ssize_t
  },
  close: {
    parameters: [
      "i32", // int fd
    ],
    result: "i32", // int
  },
  /** `close` on a thread of Deno's pool. */
  closeAside: {
    name: "close",
    parameters: [
      "i32", // int fd
    ],
    result: "i32", // int
    nonblocking: true,
  },
  lseek: {
    parameters: [
      "i32", // int fd
      "i64", // off_t offset
      "i32", // int whence
    ],
    result: "i64", // off_t
  },
  getpgrp: { parameters: [], result: "i32" }, // pid_t
  tcgetpgrp: {
    parameters: [
      "i32", // int fd
    ],
    result: "i32", // pid_t
  },
  geteuid: { parameters: [], result: "u32" }, // uid_t
  getegid: { parameters: [], result: "u32" }, // gid_t
  // libc changes every thread of the process, not only the calling one:
  setresuid: {
    parameters: [
      "u32", // uid_t ruid
      "u32", // uid_t euid
      "u32", // uid_t suid
    ],
    result: "i32", // int
  },
  setresgid: {
    parameters: [
      "u32", // gid_t rgid
      "u32", // gid_t egid
      "u32", // gid_t sgid
    ],
    result: "i32", // int
  },

  // these two change the calling thread alone:
  setfsuid: {
    parameters: [
      "u32", // uid_t fsuid
    ],
    result: "u32", // int: the one before
  },
  setfsgid: {
    parameters: [
      "u32", // gid_t fsgid
    ],
    result: "u32", // int: the one before
  },
  /** Calls that libc has no function for, or only one that changes every thread. */
  syscall: {
    parameters: [
      "i64", // long number
      "u64", // arguments, as registers hold them
      "u64",
      "u64",
      "u64",
      "u64",
    ],
    result: "i64", // long
  },

  // <stdlib.h>
  getenv: {
    parameters: [
      "pointer", // const char *name
    ],
    result: "pointer", // char *
  },

  // <dirent.h>
  opendir: {
    parameters: [
      "pointer", // const char *name
    ],
    result: "pointer", // DIR *
  },
  readdir: {
    parameters: [
      "pointer", // DIR *dirp
    ],
    result: "pointer", // struct dirent *
  },
  closedir: {
    parameters: [
      "pointer", // DIR *dirp
    ],
    result: "i32", // int
  },

  // <signal.h>
  raise: {
    parameters: [
      "i32", // int sig
    ],
    result: "i32", // int
  },
  sigaction: {
    parameters: [
      "i32", // int signum
      "pointer", // const struct sigaction *act
      "pointer", // struct sigaction *oldact
    ],
    result: "i32", // int
  },

  // <grp.h>
  setgroups: {
    parameters: [
      "usize", // size_t size
      "pointer", // const gid_t *list
    ],
    result: "i32", // int
  },

  initgroups: {
    parameters: [
      "pointer", // const char *user
      "u32", // gid_t group
    ],
    result: "i32", // int
  },

  // <time.h>
  clock_gettime: {
    parameters: [
      "i32", // clockid_t clockid
      "pointer", // struct timespec *tp
    ],
    result: "i32", // int
  },

  // <sched.h>
  setns: {
    parameters: [
      "i32", // int fd
      "i32", // int nstype
    ],
    result: "i32", // int
  },

  // <sys/mman.h>
  mmap: {
    parameters: [
      "pointer", // void *addr
      "usize", // size_t length
      "i32", // int prot
      "i32", // int flags
      "i32", // int fd
      "i64", // off_t offset
    ],
    result: "pointer", // void *
  },
  mprotect: {
    parameters: [
      "pointer", // void *addr
      "usize", // size_t len
      "i32", // int prot
    ],
    result: "i32", // int
  },
  munmap: {
    parameters: [
      "pointer", // void *addr
      "usize", // size_t length
    ],
    result: "i32", // int
  },

  // <sys/resource.h>
  getrlimit: {
    parameters: [
      "i32", // int resource
      "pointer", // struct rlimit *rlim
    ],
    result: "i32", // int
  },
  setrlimit: {
    parameters: [
      "i32", // int resource
      "pointer", // const struct rlimit *rlim
    ],
    result: "i32", // int
  },

  // <sys/prctl.h>, <sys/capability.h>
  prctl: {
    parameters: [
      "i32", // int option
      "u64", // unsigned long arg2
      "u64", // unsigned long arg3
      "u64", // unsigned long arg4
      "u64", // unsigned long arg5
    ],
    result: "i32", // int
  },
  capget: {
    parameters: [
      "pointer", // cap_user_header_t hdrp
      "pointer", // cap_user_data_t datap
    ],
    result: "i32", // int
  },
  capset: {
    parameters: [
      "pointer", // cap_user_header_t hdrp
      "pointer", // const cap_user_data_t datap
    ],
    result: "i32", // int
  },

  // <sys/socket.h>
  socket: {
    parameters: [
      "i32", // int domain
      "i32", // int type
      "i32", // int protocol
    ],
    result: "i32", // int
  },
  bind: {
    parameters: [
      "i32", // int sockfd
      "pointer", // const struct sockaddr *addr
      "u32", // socklen_t addrlen
    ],
    result: "i32", // int
  },
  connect: {
    parameters: [
      "i32", // int sockfd
      "pointer", // const struct sockaddr *addr
      "u32", // socklen_t addrlen
    ],
    result: "i32", // int
  },
  listen: {
    parameters: [
      "i32", // int sockfd
      "i32", // int backlog
    ],
    result: "i32", // int
  },
  getsockname: {
    parameters: [
      "i32", // int sockfd
      "pointer", // struct sockaddr *addr
      "pointer", // socklen_t *addrlen
    ],
    result: "i32", // int
  },
  setsockopt: {
    parameters: [
      "i32", // int sockfd
      "i32", // int level
      "i32", // int optname
      "pointer", // const void *optval
      "u32", // socklen_t optlen
    ],
    result: "i32", // int
  },
  getsockopt: {
    parameters: [
      "i32", // int sockfd
      "i32", // int level
      "i32", // int optname
      "pointer", // void *optval
      "pointer", // socklen_t *optlen
    ],
    result: "i32", // int
  },
  sendto: {
    parameters: [
      "i32", // int sockfd
      "pointer", // const void *buf
      "usize", // size_t len
      "i32", // int flags
      "pointer", // const struct sockaddr *dest_addr
      "u32", // socklen_t addrlen
    ],
    result: "i32", // ssize_t
  },
  recvfrom: {
    parameters: [
      "i32", // int sockfd
      "pointer", // void *buf
      "usize", // size_t len
      "i32", // int flags
      "pointer", // struct sockaddr *src_addr
      "pointer", // socklen_t *addrlen
    ],
    result: "i32", // ssize_t
  },
  sendmmsg: {
    parameters: [
      "i32", // int sockfd
      "pointer", // struct mmsghdr *msgvec
      "u32", // unsigned int vlen
      "i32", // int flags
    ],
    result: "i32", // int
  },
  recvmmsg: {
    parameters: [
      "i32", // int sockfd
      "pointer", // struct mmsghdr *msgvec
      "u32", // unsigned int vlen
      "i32", // int flags
      "pointer", // struct timespec *timeout
    ],
    result: "i32", // int
  },

  // <poll.h>
  poll: {
    parameters: [
      "pointer", // struct pollfd *fds
      "u64", // nfds_t nfds
      "i32", // int timeout
    ],
    result: "i32", // int
  },
  /** `ppoll` on a thread of Deno's pool, so that the event loop lives on; its errno cannot be read. */
  ppollAside: {
    name: "ppoll",
    parameters: [
      "pointer", // struct pollfd *fds
      "u64", // nfds_t nfds
      "pointer", // const struct timespec *tmo_p
      "pointer", // const sigset_t *sigmask
    ],
    result: "i32", // int
    nonblocking: true,
  },

  // <sys/epoll.h>
  epoll_create1: {
    parameters: [
      "i32", // int flags
    ],
    result: "i32", // int
  },
  epoll_ctl: {
    parameters: [
      "i32", // int epfd
      "i32", // int op
      "i32", // int fd
      "pointer", // struct epoll_event *event
    ],
    result: "i32", // int
  },
  epoll_wait: {
    parameters: [
      "i32", // int epfd
      "pointer", // struct epoll_event *events
      "i32", // int maxevents
      "i32", // int timeout
    ],
    result: "i32", // int
  },

  // <netdb.h>
  /** `getaddrinfo` on a thread of Deno's pool; its errno cannot be read. */
  getaddrinfoAside: {
    name: "getaddrinfo",
    parameters: [
      "pointer", // const char *node
      "pointer", // const char *service
      "pointer", // const struct addrinfo *hints
      "pointer", // struct addrinfo **res
    ],
    result: "i32", // int
    nonblocking: true,
  },
  freeaddrinfo: {
    parameters: [
      "pointer", // struct addrinfo *res
    ],
    result: "void",
  },
  gai_strerror: {
    parameters: [
      "i32", // int errcode
    ],
    result: "pointer", // const char *
  },
} as const satisfies Deno.ForeignLibraryInterface;

type Name = keyof typeof SYMBOLS;

/**
 * Functions bound when the first of a row is used: to bind one takes 0.14 ms. Most SYN scans do without the last rows,
 * and only root's need the first.
 */
const SELDOM: readonly (readonly Name[])[] = [
  ["getenv", "geteuid", "getegid", "setresuid", "setresgid", "setgroups", "initgroups", "prctl", "capget", "capset"],
  ["syscall", "setfsuid", "setfsgid", "opendir", "readdir", "closedir", "mprotect"],
  ["strerror", "getpgrp", "tcgetpgrp", "raise", "setns", "getrlimit", "setrlimit"],
  ["connect", "getsockname", "epoll_create1", "epoll_ctl", "epoll_wait"],
  ["getaddrinfoAside", "freeaddrinfo", "gai_strerror"],
  // What looks at files, and what only reports to files need.
  ["statx", "readlink"],
  ["openat", "pread", "write", "ftruncate", "fdatasyncAside", "unlink"],
];

/** The bound functions of libc, under their C names. */
export type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** glibc's name first, then musl's. */
const LIBRARY_NAMES = ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`, "libc.so"];

let symbols: Libc | undefined;
let errnoWord: Int32Array | undefined;

/**
 * The C library, opened by the first call.
 *
 * @throws {Deno.errors.NotCapable} Without `--allow-ffi`.
 * @throws {Error} If this is not Linux on x86_64 or aarch64, or no C library can be opened.
 */
export function libc(): Libc {
  return symbols ?? openLibc();
}

/** This thread's `errno`. Reading it allocates nothing. {@linkcode libc} must have been called before. */
export function errnoCell(): Int32Array {
  if (errnoWord === undefined) libc();
  return errnoWord!;
}

function bind(library: string): Libc {
  const names = Object.keys(SYMBOLS) as Name[];
  const some = (wanted: readonly Name[]) =>
    Deno.dlopen(library, Object.fromEntries(wanted.map((name) => [name, SYMBOLS[name]]))).symbols as Partial<Libc>;
  const seldom = new Set(SELDOM.flat());
  const bound = { ...some(names.filter((name) => !seldom.has(name))) } as Libc;
  for (const row of SELDOM) {
    for (const name of row) {
      const get = () => {
        const bindings = some(row);
        for (const each of row) Object.defineProperty(bound, each, { value: bindings[each] });
        return bindings[name];
      };
      Object.defineProperty(bound, name, { get, configurable: true });
    }
  }
  return bound;
}

function openLibc(): Libc {
  const { os, arch } = Deno.build;
  if (os !== "linux" || (arch !== "x86_64" && arch !== "aarch64")) {
    throw new Error(`Cannot call libc: this is ${os} on ${arch}. Use Linux on x86_64 or aarch64`);
  }
  const reasons: string[] = [];
  for (const name of LIBRARY_NAMES) {
    try {
      const opened = bind(name);
      // The cell is fixed for the life of a thread. It must be at hand before anything can fail: finding it later
      // could change what it holds.
      const cell = opened.__errno_location();
      if (cell === null) throw new Error("__errno_location gave NULL");
      errnoWord = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(cell, 4));
      symbols = opened;
      return opened;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      reasons.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(`Cannot open the C library: ${reasons.join("; ")}. Install glibc or musl`);
}
