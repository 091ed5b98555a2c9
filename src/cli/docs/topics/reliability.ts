/**
 * Help topic: loss and reliability.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "Probes without a reply are retransmitted. The number of attempts follows the loss that the scan measures (a reply to a " +
  "later attempt proves that an earlier one was lost): a port is reported as filtered once less than half a wrong result is " +
  "expected in the whole scan. The summary states the loss and the number of results that are expected to be wrong. " +
  "If these are too many, the exit status is 3.",
  "A host that limits its rate of replies, as Linux and the BSDs do for RSTs, is detected and probed at a lower rate of its " +
  "own.",
  "Faults of this machine, or of the link to the next router, are never reported as the state of a remote port. Probes " +
  "that were not sent are retried for ten seconds; then their ports are undecided, the summary states why and how many, and " +
  "the exit status is 3. A connect scan (-sT) depends on this machine's firewall in one more way: dropped replies look like " +
  "silence, where a SYN scan reads replies before the firewall. A dropped connection is noticed after a second, so that " +
  "-sT takes that long to call a port silent, unless a reply is not waited for as long (--max-rtt-timeout, -T5).",
  "An ICMP error may be gone a second later, as where a route flaps, and a firewall may reject no more than the probes beyond a rate. " +
  "So of the ports of a host that errors with one reason have decided, up to 16 are probed again at the end, 1.1 s after the last error. " +
  "If none of them gets another reply, all results stay. Else all of these ports are probed again, at the pace at which other replies " +
  "came, until nothing changes: a new result replaces the one before. If that would take more than three minutes, the summary names the " +
  "sender of the errors, and the exit status is 3. Pings that a router refuses are probed again alike. Of more than 512 hosts that are " +
  "refused alike a part is checked first. With --max-retries 0, and in a UDP scan, errors are believed at once.",
  { heading: "Many hosts beyond a gateway" },
  "If at least 16 hosts beyond a gateway are probed at 100 ports or more each, a first round sends every host an ICMP echo and a " +
  "SYN to the three ports of the scan that are most often open. Then the other ports of hosts that replied are probed, and those " +
  "of silent hosts last: with as many attempts as the measured loss demands, a single one where nothing is lost, since few of " +
  "these hosts reply at all. No port is left out because a host is silent. -Pn sends no first round.",
  "If a router reports a host as unreachable 3 s after the first probe or later, and the host has not replied to anything, the router " +
  "has looked for it in vain: the host is absent, is reported once, and no further port of it is probed. Results of its ports are held " +
  "until then, for 262,144 ports at a time. At once a firewall may have sent the error: the port is filtered. Routers limit such errors, so " +
  "that not every absent host is reported. With -Pn the ports of these hosts are probed and reported: filtered (host-unreach).",
  { heading: "Hosts for which something else replies" },
  "If nearly every port of a host is open, three more ports are probed (control ports, never one of --exclude-ports). If " +
  "these are open too, something else replies for the host, and the summary marks it as suspect. If nearly every port of " +
  "every host is open, up to eight hosts are checked; if something replies for every address, the scan is not trusted " +
  "(status 3). Open ports are listed nevertheless; only the table counts them if more than 100 are alike. A SYN-ACK with " +
  "window 0 is a SYN proxy's and adds a note to the port. A host of which every UDP port replies is a udp-responder.",
  "Programs on this side of the path reply too: the user-mode network of a container (slirp4netns, pasta), tun2socks, a " +
  "transparent proxy. If the TTL of a reply from beyond a gateway was not decremented, and packets go to a tun or tap " +
  "interface or control ports are open, up to four hosts are sent a SYN with a TTL of 1, which no router forwards. If it is " +
  "replied to, the replies are generated on this side (own-side): open means that the proxy could connect or did not try, " +
  "closed may be any error, and the scan is not trusted. A virtual network that does not decrement the TTL looks alike if " +
  "it is reached through a tun or tap interface. A single host for which a kernel seems to reply may be the far end of a " +
  "tunnel, and only gets a note.",
  "Some devices on the path refuse connections by RSTs in the name of a host (rst-spoof). If at least two ports of a host reply " +
  "to a single probe by RST and then by SYN-ACK, the host is marked as suspect. These ports are open, but others whose reply the " +
  "device dropped would be reported as closed, so that the scan is not trusted. A different TTL of RSTs alone is no proof: ports " +
  "that a router forwards look alike, and get a note.",
  "Firewalls and fail2ban may refuse everything once they have seen a scan, by RSTs or ICMP errors. Where replies of one kind have " +
  "ended, a port of that kind is probed once more, and later, at ever longer intervals, again: after common ports, which come first, " +
  "open ones usually end. If it is refused now (blocked), the host gets a note, and the scan is not trusted: closed and filtered may " +
  "mean just that. Something may also refuse or drop what is beyond " +
  "a rate, SYN-ACKs alone for example. So an open port of a host is probed once more after 32 and 512 of its other replies. If it is " +
  "refused twice in a row (blocked), or stays silent twice while the host replies to other probes (limited), the scan is not trusted. A connect scan probes no " +
  "port again that has replied.",
  "One machine may have every address of an IPv6 prefix, or reply to every neighbor solicitation for one. Where at least eight hosts of a " +
  "prefix (/48, /64, /80, /96 or /112) are up, beyond a gateway or on an own link with one hardware address, 16 addresses chosen at random in it are probed after the ports, by what the hosts replied to; never one that is " +
  "excluded. If at least 12 of them reply too, the prefix is aliased: its hosts are likely one machine. The table lists one host of it " +
  "for each set of ports (-v lists all), other formats every host with a note, and the summary in JSON the prefixes (aliased). Without raw " +
  "sockets, and once the program has dropped its rights, these addresses are probed by connections.",
  "Kernels limit their ICMP errors: Linux sends one address six at once, and then one a second over IPv4 and ten over IPv6. Silence " +
  "of a UDP port counts only where an error could have been sent. Of TCP ports that a firewall refuses by ICMP errors, some are " +
  "filtered (no-response) because of this, and others filtered (admin-prohibited): the state is the same.",
  { heading: "Systems of hosts" },
  "A SYN-ACK shows which TCP/IP stack sent it: by the order of its options, MSS, window, window scale, TTL and the Don't Fragment " +
  "bit. Reports name the family (OS guess, os in JSON) of hosts with this evidence, if the shape is that of one stack in a table: " +
  "Linux, gVisor netstack, lwIP, LWIPv6, slirp and pasta. Other shapes get no guess; JSON has their evidence. If ports of " +
  "one address are replied for by different stacks, as where some are forwarded, each is listed with some of its ports. " +
  "A guess needs an open port, and a SYN with options (--syn-options windows, linux or bsd). It is made for the first " +
  "65,536 hosts of a worker.",
];
