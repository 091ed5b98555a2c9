/*
 * Answers SYNs of both versions of IP in the place of a kernel: an old stack, a tarpit, a proxy for every address.
 *
 *   responder packet DEVICE WINDOW MSS TTL PORTS   packets that arrive on an interface (the kernel must not answer them)
 *   responder tun DEVICE WINDOW MSS TTL PORTS      packets that a tun interface hands over
 *   responder window DEVICE WINDOW MSS TTL PORTS   as packet, and segments with ACK alone get a RST, of open ports with WINDOW
 *
 * PORTS is "all" or a list such as 80,515; other ports are answered by a RST. MSS 0 stands for no option at all. Prints a
 * line when it is ready and ends with its standard input.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(const char *what) {
  perror(what);
  return 1;
}

static uint32_t sum(const void *data, size_t length, uint32_t total) {
  const uint8_t *bytes = data;
  for (size_t i = 0; i + 1 < length; i += 2) total += bytes[i] << 8 | bytes[i + 1];
  return total;
}

static uint16_t fold(uint32_t total) {
  while (total >> 16) total = (total & 0xffff) + (total >> 16);
  return htons(~total & 0xffff);
}

static int open_tun(const char *device) {
  int fd = open("/dev/net/tun", O_RDWR);
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  return fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0 ? -1 : fd;
}

static int open_packet(const char *device) {
  int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
  struct ifreq request = {0};
  strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  if (fd < 0 || ioctl(fd, SIOCGIFINDEX, &request) < 0) return -1;
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = request.ifr_ifindex};
  return bind(fd, (struct sockaddr *)&at, sizeof at) < 0 ? -1 : fd;
}

int main(int argc, char **argv) {
  if (argc != 7) return fprintf(stderr, "usage: responder packet|tun|window DEVICE WINDOW MSS TTL PORTS\n"), 2;
  int is_tun = strcmp(argv[1], "tun") == 0, resets_acks = strcmp(argv[1], "window") == 0;
  int in = is_tun ? open_tun(argv[2]) : open_packet(argv[2]);
  if (in < 0) return fail(argv[2]);
  int out = is_tun ? in : socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
  int out6 = is_tun ? in : socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
  if (out < 0 || out6 < 0) return fail("socket");
  int window = atoi(argv[3]), mss = atoi(argv[4]), ttl = atoi(argv[5]);
  static uint8_t is_open[65536];
  if (strcmp(argv[6], "all") == 0) memset(is_open, 1, sizeof is_open);
  else for (char *port = strtok(argv[6], ","); port != NULL; port = strtok(NULL, ",")) is_open[atoi(port) & 0xffff] = 1;
  printf("ready\n");
  fflush(stdout);
  struct pollfd fds[2] = {{.fd = in, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  for (;;) {
    if (poll(fds, 2, -1) < 0) return fail("poll");
    char ignored[64];
    if (fds[1].revents != 0 && read(0, ignored, sizeof ignored) <= 0) return 0;
    if ((fds[0].revents & POLLIN) == 0) continue;
    uint8_t packet[2048];
    ssize_t length = read(in, packet, sizeof packet);
    if (length < 20) continue;
    int is_ipv6 = packet[0] >> 4 == 6;
    struct iphdr *ip = (struct iphdr *)packet;
    struct ip6_hdr *ip6 = (struct ip6_hdr *)packet;
    int at = is_ipv6 ? sizeof *ip6 : ip->ihl * 4;
    if (length < at + 20 || (!is_ipv6 && ip->version != 4)) continue;
    if ((is_ipv6 ? ip6->ip6_nxt : ip->protocol) != IPPROTO_TCP) continue;
    struct tcphdr *tcp = (struct tcphdr *)(packet + at);
    // Source and destination, one behind the other.
    int address_length = is_ipv6 ? 16 : 4, addresses_at = is_ipv6 ? 8 : 12;
    uint8_t *source = packet + addresses_at, *destination = source + address_length;
    int is_ack = tcp->ack && !tcp->syn && !tcp->rst;
    int is_asked = (tcp->syn && !tcp->ack) || (is_ack && resets_acks);
    if (!is_asked || memcmp(source, destination, address_length) == 0) continue;
    int is_listening = is_open[ntohs(tcp->dest)], opens = is_listening && !is_ack;
    uint8_t reply[68] = {0};
    int head = is_ipv6 ? 40 : 20, tcp_length = opens && mss > 0 ? 24 : 20;
    struct tcphdr *tcp_out = (struct tcphdr *)(reply + head);
    uint8_t *addresses = reply + addresses_at;
    memcpy(addresses, destination, address_length);
    memcpy(addresses + address_length, source, address_length);
    if (is_ipv6) {
      struct ip6_hdr *ip_out = (struct ip6_hdr *)reply;
      ip_out->ip6_flow = htonl(6u << 28);
      ip_out->ip6_plen = htons(tcp_length);
      ip_out->ip6_nxt = IPPROTO_TCP;
      ip_out->ip6_hlim = ttl;
    } else {
      struct iphdr *ip_out = (struct iphdr *)reply;
      ip_out->version = 4;
      ip_out->ihl = 5;
      ip_out->tot_len = htons(20 + tcp_length);
      ip_out->ttl = ttl;
      ip_out->protocol = IPPROTO_TCP;
      ip_out->check = fold(sum(reply, 20, 0));
    }
    tcp_out->source = tcp->dest;
    tcp_out->dest = tcp->source;
    tcp_out->seq = is_ack ? tcp->ack_seq : htonl(opens ? 0x1000 : 0);
    tcp_out->ack_seq = is_ack ? 0 : htonl(ntohl(tcp->seq) + 1);
    tcp_out->doff = tcp_length / 4;
    tcp_out->ack = !is_ack;
    tcp_out->syn = opens;
    tcp_out->rst = !opens;
    tcp_out->window = htons(is_listening ? window : 0);
    if (tcp_length == 24) {
      uint8_t option[4] = {2, 4, mss >> 8, mss & 0xff};
      memcpy(reply + head + 20, option, sizeof option);
    }
    tcp_out->check = fold(sum(tcp_out, tcp_length, sum(addresses, 2 * address_length, IPPROTO_TCP + tcp_length)));
    if (is_tun) {
      if (write(out, reply, head + tcp_length) < 0) return fail("write");
    } else if (is_ipv6) {
      struct sockaddr_in6 to = {.sin6_family = AF_INET6};
      memcpy(&to.sin6_addr, source, 16);
      sendto(out6, reply, head + tcp_length, 0, (struct sockaddr *)&to, sizeof to);
    } else {
      struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = ip->saddr};
      sendto(out, reply, head + tcp_length, 0, (struct sockaddr *)&to, sizeof to);
    }
  }
}
