/**
 * Help topic: targets.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "A target is an address of IPv4 or IPv6, a block, a range or a name. Several targets are separated by blanks on the command line, and " +
  "by white space or commas in files.",
  {
    rows: [
      ["192.0.2.7", "One address."],
      ["192.0.2.0/24", "A CIDR block; host bits may be set."],
      ["192.0.2.1-9", "A range in the last byte; 10.0.0.1-10.0.1.9 is a range between two addresses."],
      ["10.0.0-3.1,3,5", "Ranges and lists in each byte, as in nmap; * is 0-255."],
      [
        "www.example.com",
        "A name: its first address of each family, or every one with --all-addresses. NAME/24 is the block around it.",
      ],
      ["2001:db8::1-ff", "IPv6: an address, a block of at most 2^32 addresses (/96), or a range in the last group."],
      [
        "2001:db8::/32-64",
        "Every /64 of the /32: a pattern, in each of which --iid chooses the address, at most 2^32 in all.",
      ],
      [
        "fe80::1%eth0",
        "A link-local address has the interface behind it that leads to its link; without one, it is that of -e.",
      ],
      ["[2001:db8::1]:22,80", "An IPv6 target with ports of its own stands in brackets."],
      ["192.0.2.7:22,80", "A target with ports of its own, which replace those of -p; 192.0.2.7:U:53 with -sU alone."],
      ["@last:open", "With --db: the ports found open by the last scan in the history (help history)."],
    ],
  },
  "Targets of both address families may be in one scan. A name that has addresses of both is scanned by " +
  "both, if this machine has routes to both; -4 or -6 chooses one.",
  "In a file (-iL FILE), # begins a comment. If the file is a result file (synscan's JSON, nmap's XML, " +
  "masscan's list or JSON, the grepable format of both, zmap's CSV or JSON), the targets are the hosts that replied; those of a list scan (-sL, in any format) are all its hosts.",
  "A target of more than a /8, or a range in the first byte, skips reserved addresses (private, loopback, multicast and " +
  "others) unless --include-reserved is given. A reserved address that is named is scanned.",
  "Exclusions (--exclude, --exclude-file) apply to every target and are never probed. Exclusions of the configuration add up " +
  "with those of the command line. An exclusion list that is empty is refused; a list without exclusions must hold a comment.",
  "Names of hosts that reply are looked up by reverse DNS, in scans of at most 256 hosts; -R looks up the name of every host, -n none. " +
  "The servers are those of --dns-servers, or of /etc/resolv.conf if --allow-read permits that, or else the C library's. Names of " +
  "private addresses are asked of private servers only, and those of loopback addresses of none, unless -R or --dns-servers is given. " +
  "The addresses of target names are those of the system's resolver (/etc/hosts, /etc/resolv.conf). " +
  "A name proves nothing: the owner of the address chooses it. Characters other than letters, digits, dots, hyphens, underscores and " +
  "slashes are shown as numbers, such as \\032 for a space.",
  "--dry-run prints every host and its ports, and sends nothing. -sL lists every address with its name.",
  { flags: "Targets" },
];
