/*
 * Answers SYNs in ways that no ordinary kernel does. What it does is decided by the port that is asked.
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
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
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

enum { SYN = 1, ACK = 2, RST = 4, FIN = 8 };

/* A reply, and what is wrong with it. */
struct reply {
  int flags;
  int delay_ms;
  int ack_offset;             /* of SEG.ACK from the number of the SYN; 1 is right */
  const char *icmp_from;      /* an ICMP error (code 13) from this address instead; "self" is the host */
  int wrong_tcp_sum, wrong_ip_sum, partial_sum, vlan, everybody, fragment, data;
};

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
    {9, 1, {{.icmp_from = "127.0.0.1"}}},
    {10, 1, {{.icmp_from = "224.0.0.5"}}},
    {11, 1, {{.icmp_from = "10.64.1.255"}}},
    {12, 1, {{.icmp_from = "0.0.0.0"}}},
    {13, 1, {{.icmp_from = "255.255.255.255"}}},
    {14, 1, {{.icmp_from = "203.0.113.9"}}},
    {15, 1, {{.icmp_from = "self"}}},
    {16, 1, {{.icmp_from = "self", .wrong_tcp_sum = 1}}},
    {20, 2, {{RST | ACK, 0, GOOD}, {SYN | ACK, 0, GOOD}}},
    {21, 2, {{SYN | ACK, 0, GOOD}, {RST | ACK, 0, GOOD}}},
    {22, 2, {{RST | ACK, 0, GOOD}, {SYN | ACK, 700, GOOD}}},
    {23, 2, {{.icmp_from = "self"}, {SYN | ACK, 300, GOOD}}},
    {24, 2, {{.icmp_from = "self"}, {RST | ACK, 300, GOOD}}},
    {25, 2, {{RST | ACK, 0, GOOD}, {.icmp_from = "self", .delay_ms = 300}}},
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
  uint8_t frame[160];
} waiting[256];
static int waiting_count;

static int build(uint8_t *frame, const uint8_t *syn, const struct reply *reply) {
  const struct iphdr *ip_in = (const struct iphdr *)(syn + ETHERNET);
  const struct tcphdr *tcp_in = (const struct tcphdr *)(syn + ETHERNET + 20);
  memset(frame, 0, 160);
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
  frame[at] = 8;
  at += 2;
  struct iphdr *ip = (struct iphdr *)(frame + at);
  uint8_t *payload = frame + at + 20;
  int length = 0;
  *ip = (struct iphdr){.version = 4, .ihl = 5, .ttl = 64, .saddr = ip_in->daddr, .daddr = ip_in->saddr};
  if (reply->icmp_from != NULL) {
    struct icmphdr *icmp = (struct icmphdr *)payload;
    ip->protocol = IPPROTO_ICMP;
    if (strcmp(reply->icmp_from, "self") != 0) ip->saddr = inet_addr(reply->icmp_from);
    icmp->type = 3;
    icmp->code = 13;
    memcpy(payload + 8, ip_in, 28);
    length = 36;
    icmp->checksum = fold(sum(payload, length, 0));
    if (reply->wrong_tcp_sum) icmp->checksum ^= 0x0100;
  } else {
    struct tcphdr *tcp = (struct tcphdr *)payload;
    int has_options = (reply->flags & SYN) != 0;
    length = (has_options ? 24 : 20) + reply->data;
    ip->protocol = IPPROTO_TCP;
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
    uint32_t pseudo = sum(&ip->saddr, 8, IPPROTO_TCP + length);
    tcp->check = fold(sum(tcp, length, pseudo));
    if (reply->wrong_tcp_sum) tcp->check ^= 0x0100;
    if (reply->partial_sum) tcp->check = ~fold(pseudo);
  }
  ip->tot_len = htons(20 + length);
  if (reply->fragment) ip->frag_off = htons(0x2000);
  ip->check = fold(sum(ip, 20, 0));
  if (reply->wrong_ip_sum) ip->check ^= 0x0100;
  return at + 20 + length;
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "usage: hostile DEVICE\n"), 2;
  int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
  struct ifreq request = {0};
  strncpy(request.ifr_name, argv[1], IFNAMSIZ - 1);
  if (fd < 0 || ioctl(fd, SIOCGIFINDEX, &request) < 0) return perror(argv[1]), 1;
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = request.ifr_ifindex};
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
    const struct iphdr *ip = (const struct iphdr *)(syn + ETHERNET);
    const struct tcphdr *tcp = (const struct tcphdr *)(syn + ETHERNET + 20);
    if (length < ETHERNET + 40 || ip->ihl != 5 || ip->protocol != IPPROTO_TCP || !tcp->syn || tcp->ack) continue;
    for (size_t i = 0; i < sizeof behaviours / sizeof behaviours[0]; i++) {
      if (behaviours[i].port != ntohs(tcp->dest)) continue;
      for (int k = 0; k < behaviours[i].count; k++) {
        const struct reply *reply = &behaviours[i].replies[k];
        uint8_t frame[160];
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
