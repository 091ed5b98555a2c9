/**
 * Help topic: permissions.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  {
    rows: [
      ["--allow-ffi", "Every scan: sockets, routes and name resolution are the C library's."],
      [
        "--allow-read",
        "-iL FILE, --exclude-file, --ports-file, the configuration, history, checkpoints, several workers, the DNS servers of " +
        "/etc/resolv.conf.",
      ],
      ["--allow-write", "Reports to files, history, checkpoints."],
      ["--allow-env", "HOME and XDG_CONFIG_HOME, to find the configuration; the variables of a job, for --shard auto."],
      [
        "root or CAP_NET_RAW",
        "SYN scans, ARP and pings by packets; CAP_NET_ADMIN additionally for --transport ethernet beside IPsec policies.",
      ],
    ],
  },
  "With --allow-ffi alone nothing prompts: a flag that needs another right is refused with one line. Without the right to " +
  "open raw sockets a connect scan is made (-sT), and -sU sends from UDP sockets. If -sS is required, use sudo; or sudo setcap " +
  "cap_net_raw,cap_net_admin=ep synscan on the compiled program; or -sT.",
  { heading: "Privileges that a scan drops" },
  "When the sockets of all workers are open, and before the first probe, every thread of the process permanently drops what the " +
  "rest of the scan does not need, with -sT as with -sS. -v prints the result, and what the system refused.",
  {
    rows: [
      ["sudo synscan", "The process continues as the user who called sudo, with that user's groups."],
      [
        "root",
        "The process continues as user 65534 without groups; if that user cannot replace the checkpoint or the history, as the " +
        "owner of their directory, which may be root.",
      ],
      ["file capabilities", "The process continues as the same user."],
    ],
  },
  "No thread keeps a capability. no_new_privs is set, other processes of the same user cannot trace this one, and a seccomp " +
  "filter denies (EPERM) to all threads: other programs, tracing, mounts, namespaces, kernel modules, BPF, keys, io_uring, " +
  "raw and packet sockets, listening for connections, and typing into a terminal.",
  {
    rows: [
      [
        "reports",
        "Opened before the scan, with the rights of the user who called sudo or else of root, and written through " +
        "that descriptor. A report under sudo belongs to the user; to write root's files, be root (sudo -i).",
      ],
      [
        "checkpoint, history",
        "Opened before the scan, with the rights of the user who continues and replaces them later. What that user cannot write " +
        "is refused with status 2.",
      ],
      [
        "input files",
        "Target lists, configuration and services are read before the scan, with the rights of the caller.",
      ],
    ],
  },
  "As root, a report, checkpoint or history that is reached through a symbolic link is refused unless the link and its file " +
  "belong to root or to the user who called sudo.",
  "What remains: open sockets can send and receive raw packets until the scan ends, and connections can be opened. If root's " +
  "directory holds the checkpoint or the history, the process is still the owner of root's files. A connect scan with a source " +
  "port below 1024 keeps CAP_NET_BIND_SERVICE, and before Linux 5.7 -sT -e keeps CAP_NET_RAW, in the thread that connects. " +
  "A kernel without seccomp does not filter system calls, and a container without other users leaves the process its root, " +
  "without capabilities.",
];
