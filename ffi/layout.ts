/**
 * Sizes and offsets of the structs that synscan shares with the kernel, in bytes, on 64-bit Linux. Field names are
 * C's, so that tests/ffi/constants_test.ts can compare every number with the headers.
 *
 * @module
 */

/** `<netinet/in.h>`. `sin_port` and `sin_addr` are in network order. */
export const sockaddr_in = { size: 16, sin_family: 0, sin_port: 2, sin_addr: 4 } as const;

/** `<netinet/in.h>`. `sin6_port` and `sin6_addr` are in network order. */
export const sockaddr_in6 = {
  size: 28,
  sin6_family: 0,
  sin6_port: 2,
  sin6_addr: 8,
  sin6_scope_id: 24,
} as const;

/** `<linux/if_packet.h>`. `sll_protocol` is in network order. */
export const sockaddr_ll = {
  size: 20,
  sll_family: 0,
  sll_protocol: 2,
  sll_ifindex: 4,
  sll_halen: 11,
  sll_addr: 12,
} as const;

/** `<linux/netlink.h>`. */
export const sockaddr_nl = { size: 12, nl_family: 0, nl_pid: 4, nl_groups: 8 } as const;

/** `<poll.h>`. */
export const pollfd = { size: 8, fd: 0, events: 4, revents: 6 } as const;

/** `<sys/epoll.h>`: packed on x86_64, and only there. `data` is 64 bits of the caller's. */
export const epoll_event: { readonly size: number; readonly events: number; readonly data: number } =
  Deno.build.arch === "x86_64" ? { size: 12, events: 0, data: 4 } : { size: 16, events: 0, data: 8 };

/** `<time.h>`. */
export const timespec = { size: 16, tv_sec: 0, tv_nsec: 8 } as const;

/** `<sys/resource.h>`. */
export const rlimit = { size: 16, rlim_cur: 0, rlim_max: 8 } as const;

/** `<sys/uio.h>`. */
export const iovec = { size: 16, iov_base: 0, iov_len: 8 } as const;

/** `<sys/socket.h>`. musl's `msg_iovlen` and `msg_controllen` are 32 bits and padding: the same while under 2^32. */
export const msghdr = {
  size: 56,
  msg_name: 0,
  msg_namelen: 8,
  msg_iov: 16,
  msg_iovlen: 24,
  msg_control: 32,
  msg_controllen: 40,
} as const;

/** `<sys/socket.h>`. */
export const mmsghdr = { size: 64, msg_hdr: 0, msg_len: 56 } as const;

/** `<sys/socket.h>`; the data follow. */
export const cmsghdr = { size: 16, cmsg_len: 0, cmsg_level: 8, cmsg_type: 12 } as const;

/** `<netinet/tcp.h>`; the round trip is in microseconds. */
export const tcp_info = {
  tcpi_state: 0,
  tcpi_unacked: 24,
  tcpi_retrans: 36,
  tcpi_rtt: 68,
  tcpi_total_retrans: 100,
} as const;

/** `<sys/socket.h>`. */
export const linger = { size: 8, l_onoff: 0, l_linger: 4 } as const;

/** `<linux/errqueue.h>`; the address of who sent the error follows. */
export const sock_extended_err = { size: 16, ee_origin: 4, ee_type: 5, ee_code: 6, ee_info: 8, ee_data: 12 } as const;

/** `<linux/errqueue.h>`: three times, of which the first is the kernel's. */
export const scm_timestamping = { size: 48 } as const;

/** `<linux/filter.h>`. */
export const sock_filter = { size: 8, code: 0, jt: 2, jf: 3, k: 4 } as const;

/** `<linux/filter.h>`. */
export const sock_fprog = { size: 16, len: 0, filter: 8 } as const;

/** `<linux/seccomp.h>`: what a filter sees of a call. */
export const seccomp_data = { size: 64, nr: 0, arch: 4, args: 16 } as const;

/** `<signal.h>`: the same in glibc and musl; in glibc the handler lies in a union. */
export const sigaction = { size: 152, sa_flags: 136 } as const;

/** `<dirent.h>`. */
export const dirent = { size: 280, d_name: 19 } as const;

/** `<linux/if_packet.h>`. */
export const tpacket_req3 = {
  size: 28,
  tp_block_size: 0,
  tp_block_nr: 4,
  tp_frame_size: 8,
  tp_frame_nr: 12,
  tp_retire_blk_tov: 16,
} as const;

/** `<linux/if_packet.h>`: the head of a block, with `struct tpacket_hdr_v1` in it. */
export const tpacket_block_desc = {
  size: 48,
  "hdr.bh1.block_status": 8,
  "hdr.bh1.num_pkts": 12,
  "hdr.bh1.offset_to_first_pkt": 16,
} as const;

/** `<linux/if_packet.h>`: the head of a packet in a block. */
export const tpacket3_hdr = { size: 48, tp_next_offset: 0, tp_sec: 4, tp_nsec: 8, tp_snaplen: 12, tp_net: 26 } as const;

/** `<linux/if_packet.h>`. */
export const tpacket_stats_v3 = { size: 12, tp_drops: 4 } as const;

/** `<linux/netlink.h>`. */
export const nlmsghdr = { size: 16, nlmsg_len: 0, nlmsg_type: 4, nlmsg_flags: 6, nlmsg_seq: 8 } as const;

/** `<linux/netlink.h>`: `error`, then the header of the request. */
export const nlmsgerr = { size: 20, error: 0 } as const;

/** `<linux/netlink.h>`: also `struct rtattr`. */
export const nlattr = { size: 4, nla_len: 0, nla_type: 2 } as const;

/** `<linux/rtnetlink.h>`. */
export const ifinfomsg = { size: 16, ifi_type: 2, ifi_index: 4, ifi_flags: 8 } as const;

/** `<linux/if_addr.h>`. */
export const ifaddrmsg = { size: 8, ifa_family: 0, ifa_prefixlen: 1, ifa_index: 4 } as const;

/** `<linux/rtnetlink.h>`. */
export const rtmsg = {
  size: 12,
  rtm_family: 0,
  rtm_dst_len: 1,
  rtm_src_len: 2,
  rtm_table: 4,
  rtm_type: 7,
  rtm_flags: 8,
} as const;

/** `<linux/rtnetlink.h>`: one hop of a multipath route, its attributes behind it. */
export const rtnexthop = { size: 8, rtnh_len: 0, rtnh_flags: 2, rtnh_ifindex: 4 } as const;

/** `<linux/fib_rules.h>`. */
export const fib_rule_hdr = { size: 12, family: 0, dst_len: 1 } as const;

/** `<linux/neighbour.h>`. */
export const ndmsg = { size: 12, ndm_family: 0, ndm_ifindex: 4, ndm_state: 8 } as const;

/** `<linux/neighbour.h>`: ages in clock ticks of which there are 100 a second (`USER_HZ`). */
export const nda_cacheinfo = { size: 16, ndm_confirmed: 0 } as const;

/** `<linux/neighbour.h>`. */
export const ndtmsg = { size: 4 } as const;

/** `<linux/neighbour.h>`. */
export const ndt_stats = { size: 88, ndts_table_fulls: 80 } as const;

/** `<linux/xfrm.h>`. */
export const xfrm_userpolicy_info = { size: 168, "sel.family": 40, dir: 160 } as const;

/** `<netdb.h>`. */
export const addrinfo = { size: 48, ai_family: 4, ai_socktype: 8, ai_addrlen: 16, ai_addr: 24, ai_next: 40 } as const;

/** `<linux/io_uring.h>`. */
export const io_uring_params = { size: 120 } as const;

/** `<linux/capability.h>`. */
export const __user_cap_header_struct = { size: 8, version: 0, pid: 4 } as const;

/** `<linux/capability.h>`: two of these hold 64 capabilities. */
export const __user_cap_data_struct = { size: 12, effective: 0, permitted: 4, inheritable: 8 } as const;

/** `<sys/stat.h>`. */
export const statx = {
  size: 256,
  stx_nlink: 16,
  stx_uid: 20,
  stx_mode: 28,
  stx_ino: 32,
  stx_size: 40,
  stx_dev_major: 136,
  stx_dev_minor: 140,
} as const;
