/**
 * C constants under their C names, grouped by the header that defines them. All but one have these values on x86_64 and
 * aarch64; tests/ffi/constants_test.ts compares them with the headers.
 *
 * @module
 */

// <fcntl.h>
export const AT_FDCWD = -100;
export const AT_EACCESS = 0x200;
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_NOCTTY = 0o400;
export const O_NONBLOCK = 0o4000;
/** Not the same on both machines. */
export const O_NOFOLLOW: number = Deno.build.arch === "x86_64" ? 0o400000 : 0o100000;
export const O_CLOEXEC = 0o2000000;
export const AT_SYMLINK_NOFOLLOW = 0x100;
export const AT_EMPTY_PATH = 0x1000;

// <sys/stat.h>
export const S_IFMT = 0o170000;
export const S_IFSOCK = 0o140000;
export const S_IFLNK = 0o120000;
export const S_IFREG = 0o100000;
export const S_IFBLK = 0o060000;
export const S_IFDIR = 0o040000;
export const S_IFCHR = 0o020000;
export const S_IFIFO = 0o010000;
export const STATX_BASIC_STATS = 0x7ff;

// <sched.h>
export const CLONE_NEWNS = 0x00020000;
export const CLONE_NEWCGROUP = 0x02000000;
export const CLONE_NEWUTS = 0x04000000;
export const CLONE_NEWIPC = 0x08000000;
export const CLONE_NEWUSER = 0x10000000;
export const CLONE_NEWPID = 0x20000000;
export const CLONE_NEWNET = 0x40000000;

// <unistd.h>
export const X_OK = 1;
export const W_OK = 2;

// <time.h>
export const CLOCK_REALTIME = 0;

// <sys/mman.h>
export const PROT_READ = 0x1;
export const PROT_WRITE = 0x2;
export const PROT_EXEC = 0x4;
export const MAP_SHARED = 0x01;
export const MAP_PRIVATE = 0x02;
export const MAP_ANONYMOUS = 0x20;

// <sys/resource.h>
export const RLIMIT_NOFILE = 7;

// <sys/prctl.h>
export const PR_SET_DUMPABLE = 4;
export const PR_SET_KEEPCAPS = 8;
export const PR_SET_NO_NEW_PRIVS = 38;

// <linux/capability.h>
export const _LINUX_CAPABILITY_VERSION_3 = 0x20080522;
export const CAP_CHOWN = 0;
export const CAP_DAC_OVERRIDE = 1;
export const CAP_DAC_READ_SEARCH = 2;
export const CAP_FOWNER = 3;
export const CAP_NET_BIND_SERVICE = 10;
export const CAP_NET_RAW = 13;

// <sys/socket.h>
export const AF_UNSPEC = 0;
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SOL_PACKET = 263;
export const SO_REUSEADDR = 2;
export const SO_ERROR = 4;
export const SO_BROADCAST = 6;
export const SO_LINGER = 13;
export const SO_TIMESTAMPNS = 35;
export const SO_TIMESTAMPING = 37;
export const SO_BINDTODEVICE = 25;
export const SO_ATTACH_FILTER = 26;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_MEMINFO = 55;
export const SO_DOMAIN = 39;
export const SO_SNDBUFFORCE = 32;
export const SO_RCVBUFFORCE = 33;
export const MSG_TRUNC = 0x20;
export const MSG_DONTWAIT = 0x40;
export const MSG_ERRQUEUE = 0x2000;
export const MSG_NOSIGNAL = 0x4000;

// <netinet/in.h>
export const IPPROTO_IP = 0;
export const IPPROTO_ICMP = 1;
export const IPPROTO_ICMPV6 = 58;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;
export const IPPROTO_IPV6 = 41;
export const IPPROTO_RAW = 255;
export const IP_TTL = 2;
export const IP_HDRINCL = 3;
export const IP_RECVERR = 11;
export const IP_RECVTTL = 12;
export const IP_MINTTL = 21;
export const IP_BIND_ADDRESS_NO_PORT = 24;
export const IP_RECVERR_RFC4884 = 26;
export const IPV6_UNICAST_HOPS = 16;
export const IPV6_RECVERR = 25;
export const IPV6_V6ONLY = 26;
export const IPV6_RECVERR_RFC4884 = 31;
export const IPV6_RECVHOPLIMIT = 51;
export const IPV6_HOPLIMIT = 52;
export const IPV6_MINHOPCOUNT = 73;

// <netinet/tcp.h>
export const TCP_INFO = 11;
export const TCP_SYN_SENT = 2;

// <signal.h>
export const SIGTSTP = 20;
export const SA_RESTART = 0x10000000;

// <sys/ioctl.h>
export const TIOCSTI = 0x5412;
export const TIOCLINUX = 0x541c;

// <poll.h>
export const POLLIN = 0x001;
export const POLLOUT = 0x004;

// <sys/epoll.h>
export const EPOLL_CLOEXEC = 0o2000000;
export const EPOLL_CTL_ADD = 1;
export const EPOLLIN = 0x001;
export const EPOLLOUT = 0x004;
export const EPOLLERR = 0x008;
export const EPOLLHUP = 0x010;
export const EPOLLRDHUP = 0x2000;
export const EPOLLET = 0x8000_0000;
export const EPOLLONESHOT = 0x4000_0000;

// <linux/sock_diag.h>
export const SK_MEMINFO_DROPS = 8;

// <linux/errqueue.h>
export const SO_EE_ORIGIN_LOCAL = 1;
export const SO_EE_ORIGIN_ICMP = 2;
export const SO_EE_ORIGIN_ICMP6 = 3;
export const SO_EE_ORIGIN_TIMESTAMPING = 4;
export const SCM_TSTAMP_SND = 0;

// <linux/net_tstamp.h>
export const SOF_TIMESTAMPING_TX_SOFTWARE = 0x2;
export const SOF_TIMESTAMPING_SOFTWARE = 0x10;
export const SOF_TIMESTAMPING_OPT_ID = 0x80;
export const SOF_TIMESTAMPING_TX_SCHED = 0x100;
export const SOF_TIMESTAMPING_OPT_TSONLY = 0x800;

// <netdb.h>
export const EAI_NONAME = -2;
export const EAI_SYSTEM = -11;
export const NI_NAMEREQD = 8;

// <linux/if_ether.h>
export const ETH_P_IP = 0x0800;
export const ETH_P_ARP = 0x0806;
export const ETH_P_IPV6 = 0x86dd;

// <linux/if_arp.h>
export const ARPHRD_ETHER = 1;

// <linux/if.h>
export const IFF_UP = 0x1;
export const IFF_NOARP = 0x80;
export const IFF_LOWER_UP = 0x10000;
export const IFNAMSIZ = 16;

// <linux/if_packet.h>
export const PACKET_RX_RING = 5;
export const PACKET_STATISTICS = 6;
export const PACKET_TX_TIMESTAMP = 16;
export const PACKET_VERSION = 10;
export const PACKET_IGNORE_OUTGOING = 23;
export const TPACKET_V3 = 2;
export const TP_STATUS_KERNEL = 0;
export const TP_STATUS_USER = 1;

// <linux/io_uring.h>
export const IORING_REGISTER_FILES = 2;

// <linux/seccomp.h>
export const SECCOMP_SET_MODE_FILTER = 1;
export const SECCOMP_FILTER_FLAG_TSYNC = 1;
export const SECCOMP_RET_ERRNO = 0x00050000;
export const SECCOMP_RET_ALLOW = 0x7fff0000;

// <linux/audit.h>
export const AUDIT_ARCH_X86_64 = 0xc000003e;
export const AUDIT_ARCH_AARCH64 = 0xc00000b7;

// <linux/filter.h>
export const BPF_LD = 0x00;
export const BPF_LDX = 0x01;
export const BPF_ALU = 0x04;
export const BPF_JMP = 0x05;
export const BPF_RET = 0x06;
export const BPF_MISC = 0x07;
export const BPF_W = 0x00;
export const BPF_H = 0x08;
export const BPF_B = 0x10;
export const BPF_ABS = 0x20;
export const BPF_IND = 0x40;
export const BPF_MSH = 0xa0;
export const BPF_ADD = 0x00;
export const BPF_AND = 0x50;
export const BPF_LSH = 0x60;
export const BPF_JEQ = 0x10;
export const BPF_JGT = 0x20;
export const BPF_JGE = 0x30;
export const BPF_JSET = 0x40;
export const BPF_K = 0x00;
export const BPF_X = 0x08;
export const BPF_TAX = 0x00;
export const SKF_AD_OFF = -0x1000;
export const SKF_AD_PKTTYPE = 4;
export const PACKET_HOST = 0;
export const PACKET_BROADCAST = 1;

// <linux/netlink.h>
export const NETLINK_ROUTE = 0;
export const NETLINK_XFRM = 6;
export const NLM_F_REQUEST = 0x01;
export const NLM_F_ACK = 0x04;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLMSG_NOOP = 0x1;
export const NLMSG_ERROR = 0x2;
export const NLMSG_DONE = 0x3;
export const NLMSG_OVERRUN = 0x4;
export const NLA_F_NESTED = 1 << 15;
export const NLA_F_NET_BYTEORDER = 1 << 14;

// <linux/rtnetlink.h>
export const RTM_NEWLINK = 16;
export const RTM_GETLINK = 18;
export const RTM_NEWADDR = 20;
export const RTM_GETADDR = 22;
export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
export const RTM_GETROUTE = 26;
export const RTM_NEWNEIGH = 28;
export const RTM_DELNEIGH = 29;
export const RTM_GETNEIGH = 30;
export const RTM_NEWRULE = 32;
export const RTM_DELRULE = 33;
export const RTM_GETRULE = 34;
export const RTM_NEWNEIGHTBL = 64;
export const RTM_GETNEIGHTBL = 66;
export const RTMGRP_IPV4_ROUTE = 0x40;
export const RTMGRP_IPV4_RULE = 0x80;
export const RTMGRP_IPV6_ROUTE = 0x400;
export const RTNLGRP_IPV6_RULE = 19;
export const RTM_F_LOOKUP_TABLE = 0x1000;
export const RTM_F_FIB_MATCH = 0x2000;
export const RTN_UNICAST = 1;
export const RTN_LOCAL = 2;
export const RTN_BROADCAST = 3;
export const RTN_ANYCAST = 4;
export const RTN_MULTICAST = 5;
export const RTN_BLACKHOLE = 6;
export const RTN_UNREACHABLE = 7;
export const RTN_PROHIBIT = 8;
export const RTA_DST = 1;
export const RTA_SRC = 2;
export const RTA_OIF = 4;
export const RTA_GATEWAY = 5;
export const RTA_PREFSRC = 7;
export const RTA_METRICS = 8;
export const RTA_MULTIPATH = 9;
export const RTA_TABLE = 15;
export const RTA_VIA = 18;
export const RTA_IP_PROTO = 27;
export const RTA_DPORT = 29;
export const RTAX_MTU = 2;
export const RTNH_F_DEAD = 1;
export const RTNH_F_LINKDOWN = 16;

// <linux/if_link.h>
export const IFLA_ADDRESS = 1;
export const IFLA_IFNAME = 3;
export const IFLA_MTU = 4;
export const IFLA_LINKINFO = 18;
export const IFLA_STATS64 = 23;
export const IFLA_CARRIER_CHANGES = 35;
export const IFLA_PROP_LIST = 52;
export const IFLA_ALT_IFNAME = 53;
export const IFLA_INFO_KIND = 1;

// <linux/if_addr.h>
export const IFA_ADDRESS = 1;
export const IFA_LOCAL = 2;
export const IFA_FLAGS = 8;
export const IFA_F_TEMPORARY = 0x01;
export const IFA_F_DADFAILED = 0x08;
export const IFA_F_DEPRECATED = 0x20;
export const IFA_F_TENTATIVE = 0x40;

// <linux/fib_rules.h>
export const FRA_DST = 1;

// <linux/neighbour.h>
export const NDA_DST = 1;
export const NDA_LLADDR = 2;
export const NDA_CACHEINFO = 3;
export const NDTA_NAME = 1;
export const NDTA_THRESH3 = 4;
export const NDTA_STATS = 7;
export const NUD_INCOMPLETE = 0x01;
export const NUD_REACHABLE = 0x02;
export const NUD_STALE = 0x04;
export const NUD_DELAY = 0x08;
export const NUD_PROBE = 0x10;
export const NUD_FAILED = 0x20;
export const NUD_NOARP = 0x40;
export const NUD_PERMANENT = 0x80;

// <linux/xfrm.h>
export const XFRM_MSG_NEWPOLICY = 0x13;
export const XFRM_MSG_GETPOLICY = 0x15;
export const XFRM_POLICY_OUT = 1;
export const XFRMGRP_POLICY = 8;
