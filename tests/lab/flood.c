/*
 * Floods a scanner with forged packets, as one on its path could that has not seen its probes: every kind of reply with wrong
 * numbers, and its own probes back.
 *
 *   flood DEVICE RATE SECONDS
 *
 * Waits for the first SYN that arrives on DEVICE, takes from it who scans, from which ports, and what it asks, and sends RATE
 * packets a second for so many seconds. Prints "ready", and at the end how many packets were sent and how long that took.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 200
#define ETHERNET 14
#define KINDS 10

static uint32_t random_state = 2463534242u;

static uint32_t random32(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return random_state;
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

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

/* What was seen of the scanner: its frames, source ports and the ports that it asks. */
static uint8_t probe[128];
static int probe_length;
static uint16_t own_ports[16], asked[4096];
static int own_count, asked_count;

static void learn(const uint8_t *frame, int length) {
  if (length < ETHERNET + 40 || length > (int)sizeof probe) return;
  const struct iphdr *ip = (const struct iphdr *)(frame + ETHERNET);
  const struct tcphdr *tcp = (const struct tcphdr *)(frame + ETHERNET + 20);
  if (ip->version != 4 || ip->ihl != 5 || ip->protocol != IPPROTO_TCP || !tcp->syn || tcp->ack) return;
  memcpy(probe, frame, length);
  probe_length = length;
  int known = 0;
  for (int i = 0; i < own_count; i++) known |= own_ports[i] == tcp->source;
  if (!known && own_count < 16) own_ports[own_count++] = tcp->source;
  asked[asked_count++ % 4096] = tcp->dest;
}

/* Writes a forged frame of a kind; returns its length. */
static int forge(uint8_t *frame, int kind) {
  const struct iphdr *seen_ip = (const struct iphdr *)(probe + ETHERNET);
  struct iphdr *ip = (struct iphdr *)(frame + ETHERNET);
  uint16_t own_port = own_ports[random32() % own_count];
  uint16_t port = asked[random32() % (asked_count < 4096 ? asked_count : 4096)];
  memset(frame, 0, 128);
  memcpy(frame, probe + 6, 6);
  memcpy(frame + 6, probe, 6);
  frame[12] = 8;
  if (kind == 9) {
    /* The last probe, as it came. */
    memcpy(frame + 12, probe + 12, probe_length - 12);
    return probe_length;
  }
  *ip = (struct iphdr){.version = 4, .ihl = 5, .ttl = 60, .saddr = seen_ip->daddr, .daddr = seen_ip->saddr};
  int length;
  if (kind >= 6) {
    /* An ICMP error from a router, or from the host, that quotes a probe with another number. */
    struct icmphdr *icmp = (struct icmphdr *)(frame + ETHERNET + 20);
    struct iphdr *quoted = (struct iphdr *)(frame + ETHERNET + 28);
    struct tcphdr *tcp = (struct tcphdr *)(frame + ETHERNET + 48);
    static const uint8_t codes[] = {1, 3, 13};
    length = 56;
    ip->protocol = IPPROTO_ICMP;
    if (kind == 7) ip->saddr = htonl(0x0a0a0a00 | (random32() & 0xff));
    icmp->type = 3;
    icmp->code = codes[kind - 6];
    *quoted = *seen_ip;
    tcp->source = own_port;
    tcp->dest = port;
    tcp->seq = random32();
    icmp->checksum = fold(sum(icmp, 36, 0));
  } else {
    struct tcphdr *tcp = (struct tcphdr *)(frame + ETHERNET + 20);
    length = 44;
    ip->protocol = IPPROTO_TCP;
    tcp->source = port;
    tcp->dest = own_port;
    tcp->seq = random32();
    tcp->ack_seq = random32();
    tcp->doff = 6;
    tcp->window = htons(64240);
    tcp->syn = kind == 0 || kind == 3;
    tcp->ack = kind != 3 && kind != 2;
    tcp->rst = kind == 1 || kind == 2;
    tcp->fin = kind == 5;
    frame[ETHERNET + 40] = 2;
    frame[ETHERNET + 41] = 4;
    frame[ETHERNET + 42] = 5;
    frame[ETHERNET + 43] = 180;
    tcp->check = fold(sum(tcp, 24, sum(&ip->saddr, 8, IPPROTO_TCP + 24)));
  }
  ip->tot_len = htons(length);
  ip->check = fold(sum(ip, 20, 0));
  return ETHERNET + length;
}

int main(int argc, char **argv) {
  if (argc != 4) return fprintf(stderr, "usage: flood DEVICE RATE SECONDS\n"), 2;
  int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
  struct ifreq request = {0};
  strncpy(request.ifr_name, argv[1], IFNAMSIZ - 1);
  if (fd < 0 || ioctl(fd, SIOCGIFINDEX, &request) < 0) return perror(argv[1]), 1;
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = request.ifr_ifindex};
  if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0) return perror("bind"), 1;
  double rate = atof(argv[2]), duration = atof(argv[3]);
  printf("ready\n");
  fflush(stdout);
  static uint8_t frames[BATCH][128];
  static struct iovec vectors[BATCH];
  static struct mmsghdr messages[BATCH];
  uint8_t received[2048];
  while (probe_length == 0) learn(received, recv(fd, received, sizeof received, 0));
  double began = seconds();
  long sent = 0;
  for (double now = began; now - began < duration; now = seconds()) {
    for (int length, i = 0; i < 64 && (length = recv(fd, received, sizeof received, MSG_DONTWAIT)) > 0; i++) {
      learn(received, length);
    }
    if (sent >= (now - began) * rate) {
      usleep(100);
      continue;
    }
    for (int i = 0; i < BATCH; i++) {
      vectors[i] = (struct iovec){.iov_base = frames[i], .iov_len = forge(frames[i], (sent + i) % KINDS)};
      messages[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1};
    }
    int count = sendmmsg(fd, messages, BATCH, 0);
    if (count > 0) sent += count;
  }
  printf("{\"sent\":%ld,\"seconds\":%.3f}\n", sent, seconds() - began);
  return 0;
}
