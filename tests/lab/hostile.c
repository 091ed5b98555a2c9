/*
 * Answers SYNs of IPv4 and IPv6 in ways that no ordinary kernel does. What it does is decided by the port that is asked.
 *
 *   hostile DEVICE
 *
 * Reads frames from DEVICE, whose kernel must not answer. Prints a line when it is ready and ends with its standard input.
 */
#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ETHERNET 14
#define FRAME 192

enum { ICMP = 1, ICMPV6 = 58, FRAGMENT_HEADER = 44, OPTIONS_HEADER = 60 };
enum { SYN = 1, ACK = 2, RST = 4, FIN = 8 };

/* A reply, and what is wrong with it. */
struct reply {
  int flags;
  int delay_ms;
  int ack_offset;             /* of SEG.ACK from the number of the SYN; 1 is right */
  const char *icmp_from[2];   /* an ICMP error (prohibited) from this address of IPv4 or IPv6 instead; "self" is the host */
  int wrong_tcp_sum, wrong_ip_sum, partial_sum, vlan, everybody, fragment, data;
  int options, whole_fragment; /* of IPv6: behind destination options, or a fragment header without more fragments */
};

#define ERROR(four, six) .icmp_from = {four, six}
#define OWN_ERROR ERROR("self", "self")

#define GOOD 1
static const struct behaviour {
  int port, count;
  struct reply replies[2];
} behaviours[] = {
    {1, 1, {{SYN | ACK, 0, GOOD}}},
    {2, 1, {{SYN | ACK, 0, GOOD, .wrong_tcp_sum = 1}}},
    {3, 1, {{SYN | ACK, 0, GOOD, .wrong_ip_sum = 1}}},
    {4, 1, {{RST | ACK, 0, GOOD, .wrong_tcp_sum = 1}}},
    {5, 1, {{SYN | ACK, 0, GOOD, .partial_sum = 1}}},
    {6, 1, {{SYN | ACK, 0, GOOD, .vlan = 7}}},
    {7, 1, {{RST | ACK, 0, GOOD, .vlan = 4095}}},
    {8, 1, {{SYN | ACK, 0, GOOD, .everybody = 1}}},
    {9, 1, {{ERROR("127.0.0.1", "::1")}}},
    {10, 1, {{ERROR("224.0.0.5", "ff02::5")}}},
    {11, 1, {{ERROR("10.64.1.255", "ff02::1")}}},
    {12, 1, {{ERROR("0.0.0.0", "::")}}},
    {13, 1, {{ERROR("255.255.255.255", "ff0e::1")}}},
    {14, 1, {{ERROR("203.0.113.9", "2001:db8:9::9")}}},
    {15, 1, {{OWN_ERROR}}},
    {16, 1, {{OWN_ERROR, .wrong_tcp_sum = 1}}},
    {20, 2, {{RST | ACK, 0, GOOD}, {SYN | ACK, 0, GOOD}}},
    {21, 2, {{SYN | ACK, 0, GOOD}, {RST | ACK, 0, GOOD}}},
    {22, 2, {{RST | ACK, 0, GOOD}, {SYN | ACK, 700, GOOD}}},
    {23, 2, {{OWN_ERROR}, {SYN | ACK, 300, GOOD}}},
    {24, 2, {{OWN_ERROR}, {RST | ACK, 300, GOOD}}},
    {25, 2, {{RST | ACK, 0, GOOD}, {OWN_ERROR, .delay_ms = 300}}},
    {30, 1, {{RST, 0, GOOD}}},
    {31, 1, {{RST, 0, 0}}},
    {32, 1, {{RST | ACK, 0, 0}}},
    {33, 1, {{RST | ACK, 0, 77}}},
    {34, 1, {{FIN | ACK, 0, GOOD}}},
    {35, 1, {{ACK, 0, GOOD}}},
    {36, 1, {{ACK, 0, 1000}}},
    {37, 1, {{SYN | ACK, 0, 0}}},
    {38, 1, {{SYN | ACK, 0, 2}}},
    {39, 1, {{SYN | ACK, 0, GOOD, .data = 40}}},
    {40, 1, {{SYN, 0, 0}}},
    {41, 1, {{SYN | ACK, 0, GOOD, .fragment = 1}}},
    {42, 1, {{SYN | ACK | RST, 0, GOOD}}},
    {43, 1, {{SYN | ACK | FIN, 0, GOOD}}},
    {44, 1, {{SYN | ACK, 0, GOOD, .options = 1}}},
    {45, 1, {{SYN | ACK, 0, GOOD, .whole_fragment = 1}}},
};

static uint32_t sum(const void *data, size_t length, uint32_t total) {
  const uint8_t *bytes = data;
  for (size_t i = 0; i + 1 < length; i += 2) total += bytes[i] << 8 | bytes[i + 1];
  if (length & 1) total += bytes[length - 1] << 8;
  return total;
}

static uint16_t fold(uint32_t total) {
  while (total >> 16) total = (total & 0xffff) + (total >> 16);
  return htons(~total & 0xffff);
}

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Frames that wait for their time. */
static struct pending {
  long at_ms;
  int length;
  uint8_t frame[FRAME];
} waiting[256];
static int waiting_count;

static int build(uint8_t *frame, const uint8_t *syn, const struct reply *reply) {
  int is6 = syn[12] == 0x86, address = is6 ? 16 : 4, source = is6 ? 8 : 12;
  const uint8_t *ip_in = syn + ETHERNET;
  const struct tcphdr *tcp_in = (const struct tcphdr *)(ip_in + (is6 ? 40 : 20));
  memset(frame, 0, FRAME);
  memcpy(frame, syn + 6, 6);
  memcpy(frame + 6, syn, 6);
  if (reply->everybody) memset(frame, 0xff, 6);
  int at = 12;
  if (reply->vlan > 0) {
    frame[at] = 0x81;
    frame[at + 2] = reply->vlan >> 8;
    frame[at + 3] = reply->vlan & 0xff;
    at += 4;
  }
  memcpy(frame + at, syn + 12, 2);
  at += 2;
  uint8_t *ip = frame + at;
  int extension = is6 && (reply->fragment || reply->options || reply->whole_fragment) ? 8 : 0;
  int header = (is6 ? 40 : 20) + extension, length = 0;
  uint8_t *payload = ip + header;
  memcpy(ip + source, ip_in + source + address, address);
  memcpy(ip + source + address, ip_in + source, address);
  const char *from = reply->icmp_from[is6];
  int protocol = from == NULL ? IPPROTO_TCP : is6 ? ICMPV6 : ICMP;
  if (from != NULL) {
    if (strcmp(from, "self") != 0) inet_pton(is6 ? AF_INET6 : AF_INET, from, ip + source);
    payload[0] = is6 ? 1 : 3;
    payload[1] = is6 ? 1 : 13;
    length = 8 + (is6 ? 40 : 20) + 8;
    memcpy(payload + 8, ip_in, length - 8);
    uint16_t check = fold(sum(payload, length, is6 ? sum(ip + source, 32, ICMPV6 + length) : 0));
    if (reply->wrong_tcp_sum) check ^= 0x0100;
    memcpy(payload + 2, &check, 2);
  } else {
    struct tcphdr *tcp = (struct tcphdr *)payload;
    int has_options = (reply->flags & SYN) != 0;
    length = (has_options ? 24 : 20) + reply->data;
    tcp->source = tcp_in->dest;
    tcp->dest = tcp_in->source;
    tcp->seq = htonl(0x1000);
    tcp->ack_seq = htonl(ntohl(tcp_in->seq) + reply->ack_offset);
    tcp->doff = has_options ? 6 : 5;
    tcp->syn = (reply->flags & SYN) != 0;
    tcp->ack = (reply->flags & ACK) != 0;
    tcp->rst = (reply->flags & RST) != 0;
    tcp->fin = (reply->flags & FIN) != 0;
    tcp->window = htons(64240);
    if (has_options) memcpy(payload + 20, "\2\4\5\264", 4);
    uint32_t pseudo = sum(ip + source, 2 * address, IPPROTO_TCP + length);
    tcp->check = fold(sum(tcp, length, pseudo));
    if (reply->wrong_tcp_sum) tcp->check ^= 0x0100;
    if (reply->partial_sum) tcp->check = ~fold(pseudo);
  }
  if (is6) {
    ip[0] = 0x60;
    ip[5] = extension + length;
    ip[6] = extension == 0 ? protocol : reply->options ? OPTIONS_HEADER : FRAGMENT_HEADER;
    ip[7] = 64;
    if (extension > 0) ip[40] = protocol;
    if (reply->options) memcpy(ip + 42, "\1\4", 2); /* Padding of four bytes. */
    if (reply->fragment) ip[43] = 1;
  } else {
    ip[0] = 0x45;
    ip[3] = 20 + length;
    ip[6] = reply->fragment ? 0x20 : 0;
    ip[8] = 64;
    ip[9] = protocol;
    uint16_t check = fold(sum(ip, 20, 0));
    if (reply->wrong_ip_sum) check ^= 0x0100;
    memcpy(ip + 10, &check, 2);
  }
  return at + header + length;
}

/* The TCP header of a frame if it is a SYN of either version of IP. */
static const struct tcphdr *syn_in(const uint8_t *frame, ssize_t length) {
  const uint8_t *ip = frame + ETHERNET;
  int is6 = frame[12] == 0x86 && frame[13] == 0xdd;
  if (length < ETHERNET + 40 || (!is6 && (frame[12] != 8 || frame[13] != 0))) return NULL;
  if (is6 ? ip[6] != IPPROTO_TCP || length < ETHERNET + 60 : ip[0] != 0x45 || ip[9] != IPPROTO_TCP) return NULL;
  const struct tcphdr *tcp = (const struct tcphdr *)(ip + (is6 ? 40 : 20));
  return tcp->syn && !tcp->ack ? tcp : NULL;
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "usage: hostile DEVICE\n"), 2;
  int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), one = 1;
  struct ifreq request = {0};
  strncpy(request.ifr_name, argv[1], IFNAMSIZ - 1);
  if (fd < 0 || ioctl(fd, SIOCGIFINDEX, &request) < 0) return perror(argv[1]), 1;
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = request.ifr_ifindex};
  setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0) return perror("bind"), 1;
  printf("ready\n");
  fflush(stdout);
  struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  for (;;) {
    if (poll(fds, 2, waiting_count > 0 ? 1 : -1) < 0) return perror("poll"), 1;
    char ignored[64];
    if (fds[1].revents != 0 && read(0, ignored, sizeof ignored) <= 0) return 0;
    for (int i = 0; i < waiting_count;) {
      if (waiting[i].at_ms > now_ms()) {
        i++;
        continue;
      }
      send(fd, waiting[i].frame, waiting[i].length, 0);
      waiting[i] = waiting[--waiting_count];
    }
    if ((fds[0].revents & POLLIN) == 0) continue;
    uint8_t syn[2048];
    ssize_t length = recv(fd, syn, sizeof syn, 0);
    const struct tcphdr *tcp = syn_in(syn, length);
    if (tcp == NULL) continue;
    for (size_t i = 0; i < sizeof behaviours / sizeof behaviours[0]; i++) {
      if (behaviours[i].port != ntohs(tcp->dest)) continue;
      for (int k = 0; k < behaviours[i].count; k++) {
        const struct reply *reply = &behaviours[i].replies[k];
        uint8_t frame[FRAME];
        int size = build(frame, syn, reply);
        if (reply->delay_ms == 0) {
          if (send(fd, frame, size, 0) < 0) return perror("send"), 1;
        } else if (waiting_count < 256) {
          waiting[waiting_count].at_ms = now_ms() + reply->delay_ms;
          waiting[waiting_count].length = size;
          memcpy(waiting[waiting_count++].frame, frame, size);
        }
      }
    }
  }
}
