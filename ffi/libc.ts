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
  __errno_location: { parameters: [], result: "pointer" }, // int *__errno_location(void)
  strerror: { parameters: ["i32"], result: "pointer" }, // char *strerror(int errnum)

  // <unistd.h>, <fcntl.h>
  open: { parameters: ["pointer", "i32"], result: "i32" }, // int open(const char *pathname, int flags)
  openat: { parameters: ["i32", "pointer", "i32", "u32"], result: "i32" }, // int openat(int dirfd, const char *pathname, int flags, mode_t mode)
  pread: { parameters: ["i32", "buffer", "usize", "i64"], result: "i32" }, // ssize_t pread(int fd, void *buf, size_t count, off_t offset)
  write: { parameters: ["i32", "buffer", "usize"], result: "i32" }, // ssize_t write(int fd, const void *buf, size_t count)
  ftruncate: { parameters: ["i32", "i64"], result: "i32" }, // int ftruncate(int fd, off_t length)
  /** `fdatasync` on a thread of Deno's pool; its errno cannot be read. */
  fdatasyncAside: { name: "fdatasync", parameters: ["i32"], result: "i32", nonblocking: true }, // int fdatasync(int fd)
  readlink: { parameters: ["pointer", "pointer", "usize"], result: "i32" }, // ssize_t readlink(const char *pathname, char *buf, size_t bufsiz)
  unlink: { parameters: ["pointer"], result: "i32" }, // int unlink(const char *pathname)
  // <sys/stat.h>
  statx: { parameters: ["i32", "pointer", "i32", "u32", "pointer"], result: "i32" }, // int statx(int dirfd, const char *pathname, int flags, unsigned int mask, struct statx *statxbuf)

  // <unistd.h>
  read: { parameters: ["i32", "pointer", "usize"], result: "i32" }, // ssize_t read(int fd, void *buf, size_t count)
  close: { parameters: ["i32"], result: "i32" }, // int close(int fd)
  /** `close` on a thread of Deno's pool. */
  closeAside: { name: "close", parameters: ["i32"], result: "i32", nonblocking: true }, // int close(int fd)
  lseek: { parameters: ["i32", "i64", "i32"], result: "i64" }, // off_t lseek(int fd, off_t offset, int whence)
  getpgrp: { parameters: [], result: "i32" }, // pid_t getpgrp(void)
  tcgetpgrp: { parameters: ["i32"], result: "i32" }, // pid_t tcgetpgrp(int fd)
  geteuid: { parameters: [], result: "u32" }, // uid_t geteuid(void)
  getegid: { parameters: [], result: "u32" }, // gid_t getegid(void)
  // libc changes every thread of the process, not only the calling one:
  setresuid: { parameters: ["u32", "u32", "u32"], result: "i32" }, // int setresuid(uid_t ruid, uid_t euid, uid_t suid)
  setresgid: { parameters: ["u32", "u32", "u32"], result: "i32" }, // int setresgid(gid_t rgid, gid_t egid, gid_t sgid)

  // these two change the calling thread alone:
  setfsuid: { parameters: ["u32"], result: "u32" }, // int setfsuid(uid_t fsuid), returns the previous one
  setfsgid: { parameters: ["u32"], result: "u32" }, // int setfsgid(gid_t fsgid), returns the previous one
  /** Calls that libc has no function for, or only one that changes every thread. */
  syscall: { parameters: ["i64", "u64", "u64", "u64", "u64", "u64"], result: "i64" }, // long syscall(long number, ...)

  // <stdlib.h>
  getenv: { parameters: ["pointer"], result: "pointer" }, // char *getenv(const char *name)

  // <dirent.h>
  opendir: { parameters: ["pointer"], result: "pointer" }, // DIR *opendir(const char *name)
  readdir: { parameters: ["pointer"], result: "pointer" }, // struct dirent *readdir(DIR *dirp)
  closedir: { parameters: ["pointer"], result: "i32" }, // int closedir(DIR *dirp)

  // <signal.h>
  raise: { parameters: ["i32"], result: "i32" }, // int raise(int sig)
  sigaction: { parameters: ["i32", "pointer", "pointer"], result: "i32" }, // int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact)

  // <grp.h>
  setgroups: { parameters: ["usize", "pointer"], result: "i32" }, // int setgroups(size_t size, const gid_t *list)
  initgroups: { parameters: ["pointer", "u32"], result: "i32" }, // int initgroups(const char *user, gid_t group)

  // <time.h>
  clock_gettime: { parameters: ["i32", "pointer"], result: "i32" }, // int clock_gettime(clockid_t clockid, struct timespec *tp)

  // <sched.h>
  setns: { parameters: ["i32", "i32"], result: "i32" }, // int setns(int fd, int nstype)

  // <sys/mman.h>
  mmap: { parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"], result: "pointer" }, // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
  mprotect: { parameters: ["pointer", "usize", "i32"], result: "i32" }, // int mprotect(void *addr, size_t len, int prot)
  munmap: { parameters: ["pointer", "usize"], result: "i32" }, // int munmap(void *addr, size_t length)

  // <sys/resource.h>
  getrlimit: { parameters: ["i32", "pointer"], result: "i32" }, // int getrlimit(int resource, struct rlimit *rlim)
  setrlimit: { parameters: ["i32", "pointer"], result: "i32" }, // int setrlimit(int resource, const struct rlimit *rlim)

  // <sys/prctl.h>, <sys/capability.h>
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" }, // int prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)
  capget: { parameters: ["pointer", "pointer"], result: "i32" }, // int capget(cap_user_header_t hdrp, cap_user_data_t datap)
  capset: { parameters: ["pointer", "pointer"], result: "i32" }, // int capset(cap_user_header_t hdrp, const cap_user_data_t datap)

  // <sys/socket.h>
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" }, // int socket(int domain, int type, int protocol)
  bind: { parameters: ["i32", "pointer", "u32"], result: "i32" }, // int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen)
  connect: { parameters: ["i32", "pointer", "u32"], result: "i32" }, // int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen)
  listen: { parameters: ["i32", "i32"], result: "i32" }, // int listen(int sockfd, int backlog)
  getsockname: { parameters: ["i32", "pointer", "pointer"], result: "i32" }, // int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen)
  setsockopt: { parameters: ["i32", "i32", "i32", "pointer", "u32"], result: "i32" }, // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen)
  /** `setsockopt` on a thread of Deno's pool; its errno cannot be read. */
  setsockoptAside: {
    name: "setsockopt",
    parameters: ["i32", "i32", "i32", "pointer", "u32"],
    result: "i32",
    nonblocking: true,
  }, // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen)
  getsockopt: { parameters: ["i32", "i32", "i32", "pointer", "pointer"], result: "i32" }, // int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen)
  sendto: { parameters: ["i32", "pointer", "usize", "i32", "pointer", "u32"], result: "i32" }, // ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct sockaddr *dest_addr, socklen_t addrlen)
  recvfrom: { parameters: ["i32", "pointer", "usize", "i32", "pointer", "pointer"], result: "i32" }, // ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, struct sockaddr *src_addr, socklen_t *addrlen)
  sendmmsg: { parameters: ["i32", "pointer", "u32", "i32"], result: "i32" }, // int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags)
  recvmmsg: { parameters: ["i32", "pointer", "u32", "i32", "pointer"], result: "i32" }, // int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout)

  // <poll.h>
  poll: { parameters: ["pointer", "u64", "i32"], result: "i32" }, // int poll(struct pollfd *fds, nfds_t nfds, int timeout)
  /** `ppoll` on a thread of Deno's pool, so that the event loop lives on; its errno cannot be read. */
  ppollAside: { name: "ppoll", parameters: ["pointer", "u64", "pointer", "pointer"], result: "i32", nonblocking: true }, // int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo_p, const sigset_t *sigmask)

  // <sys/epoll.h>
  epoll_create1: { parameters: ["i32"], result: "i32" }, // int epoll_create1(int flags)
  epoll_ctl: { parameters: ["i32", "i32", "i32", "pointer"], result: "i32" }, // int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
  epoll_wait: { parameters: ["i32", "pointer", "i32", "i32"], result: "i32" }, // int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)

  // <netdb.h>
  /** `getaddrinfo` on a thread of Deno's pool; its errno cannot be read. */
  getaddrinfoAside: {
    name: "getaddrinfo",
    parameters: ["pointer", "pointer", "pointer", "pointer"],
    result: "i32",
    nonblocking: true,
  }, // int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **res)
  freeaddrinfo: { parameters: ["pointer"], result: "void" }, // void freeaddrinfo(struct addrinfo *res)
  /** `getnameinfo` on a thread of Deno's pool; its errno cannot be read. */
  getnameinfoAside: {
    name: "getnameinfo",
    parameters: ["pointer", "u32", "pointer", "u32", "pointer", "u32", "i32"],
    result: "i32",
    nonblocking: true,
  }, // int getnameinfo(const struct sockaddr *addr, socklen_t addrlen, char *host, socklen_t hostlen, char *serv, socklen_t servlen, int flags)
  gai_strerror: { parameters: ["i32"], result: "pointer" }, // const char *gai_strerror(int errcode)
} as const satisfies Deno.ForeignLibraryInterface;

type Name = keyof typeof SYMBOLS;

/** Functions bound when the first of a row is used. Most SYN scans use the first two rows only. */
const SELDOM: readonly (readonly Name[])[] = [
  ["statx", "strerror"],
  ["mmap", "munmap", "setsockoptAside"],
  ["closeAside"],
  ["listen"],
  [
    ...["setresuid", "setresgid", "setgroups", "prctl", "capget", "capset"] as const,
    ...["syscall", "opendir", "readdir", "closedir"] as const,
  ],
  ["getegid", "setfsuid", "setfsgid", "initgroups", "mprotect"],
  ["getpgrp", "tcgetpgrp", "raise", "setns", "getrlimit", "setrlimit"],
  ["connect", "getsockname", "epoll_create1", "epoll_ctl", "epoll_wait"],
  ["getaddrinfoAside", "freeaddrinfo", "gai_strerror"],
  ["getnameinfoAside"],
  // For reports in files.
  ["openat", "pread", "write", "ftruncate", "fdatasyncAside", "unlink", "readlink"],
];

/**
 * Functions that scans call for each probe, reply or batch. Deno makes machine code for these, which takes 0.13 ms each and spares
 * up to 1 us a call, and for no others.
 */
const OFTEN: ReadonlySet<Name> = new Set([
  ...["socket", "close", "connect", "setsockopt", "getsockopt", "epoll_ctl", "epoll_wait"] as const,
  ...["poll", "sendto", "recvfrom", "sendmmsg", "recvmmsg"] as const,
]);

/** A further parameter, which C ignores: for functions with a structure among their parameters Deno makes no machine code. */
const FURTHER = { struct: ["u8"] } as const;
const FURTHER_ARGUMENT = new Uint8Array(1);

/** The bound functions of libc, under their C names. */
type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

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

type Call = (...values: unknown[]) => unknown;

function bind(library: string): Libc {
  const names = Object.keys(SYMBOLS) as Name[];
  const some = (wanted: readonly Name[]): Partial<Libc> => {
    const definitions = wanted.map((name) => [name, hasCode(name) ? SYMBOLS[name] : withoutCode(SYMBOLS[name])]);
    const calls = { ...Deno.dlopen(library, Object.fromEntries(definitions)).symbols } as Record<Name, Call>;
    for (const name of wanted) {
      const call = calls[name];
      if (!hasCode(name)) calls[name] = (...values) => call(...values, FURTHER_ARGUMENT);
    }
    return calls as unknown as Partial<Libc>;
  };
  const seldom = new Set(SELDOM.flat());
  const bound = some(names.filter((name) => !seldom.has(name))) as Libc;
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

/** True for functions with machine code, and for those that are called on a thread of Deno's pool. */
function hasCode(name: Name): boolean {
  return OFTEN.has(name) || (SYMBOLS[name] as Deno.ForeignFunction).nonblocking === true;
}

/** Returns a definition for which Deno makes no machine code. */
function withoutCode(definition: Deno.ForeignFunction): Deno.ForeignFunction {
  return { ...definition, parameters: [...definition.parameters, FURTHER] };
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
