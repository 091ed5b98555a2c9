/*
 * The least that a SYN sender can do: patch a probe, hand 64 of them to sendmmsg(2), again. The ceiling for synscan's
 * own sending.
 *
 *   send_loop raw|lane COUNT SOURCE FIRST_DESTINATION [DEVICE DESTINATION_MAC]
 *
 * Sends COUNT probes to 65,536 addresses from FIRST_DESTINATION on, ports from 1 on, each with a full TCP checksum, and
 * prints one line: packets a second, packets sent, errors.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, IP_LEN = 20, TCP_LEN = 24, PROBE_LEN = IP_LEN + TCP_LEN };

static uint32_t sum(const uint8_t *octets, int length, uint32_t total)
{
	for (int i = 0; i < length; i += 2) total += octets[i] << 8 | octets[i + 1];
	return total;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16) total = (total & 0xffff) + (total >> 16);
	return ~total;
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static void write_probe(uint8_t *ip, uint32_t source, uint32_t destination, uint16_t port, uint32_t sequence)
{
	uint8_t *tcp = ip + IP_LEN;
	memcpy(ip, "\x45\0\0\x2c\0\0\x40\0\x40\x06\0\0", 12);
	put32(ip + 12, source);
	put32(ip + 16, destination);
	put16(ip + 10, fold(sum(ip, IP_LEN, 0)));
	memcpy(tcp, "\x79\x18\0\0\0\0\0\0\0\0\0\0\x60\x02\x04\0\0\0\0\0\x02\x04\x05\xb4", TCP_LEN);
	put16(tcp + 2, port);
	put32(tcp + 4, sequence);
	put16(tcp + 16, fold(sum(tcp, TCP_LEN, sum(ip + 12, 8, IPPROTO_TCP + TCP_LEN))));
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	if (argc < 5) return 1;
	int lane = argv[1][0] == 'l';
	if (lane && argc < 7) return 1;
	long count = atol(argv[2]);
	struct in_addr source, first;
	if (!inet_aton(argv[3], &source) || !inet_aton(argv[4], &first)) return 1;

	static uint8_t frames[BATCH][64];
	struct sockaddr_in addresses[BATCH];
	struct sockaddr_ll next_hop = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_halen = 6 };
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH];
	memset(messages, 0, sizeof messages);
	memset(addresses, 0, sizeof addresses);
	int fd = lane ? socket(AF_PACKET, SOCK_RAW, 0) : socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	if (fd < 0) die("socket");
	int room = 4 << 20;
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
	if (lane) {
		struct ifreq device;
		memset(&device, 0, sizeof device);
		strncpy(device.ifr_name, argv[5], IFNAMSIZ - 1);
		if (ioctl(fd, SIOCGIFHWADDR, &device) < 0) die(argv[5]);
		uint8_t *to = next_hop.sll_addr;
		sscanf(argv[6], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", to, to + 1, to + 2, to + 3, to + 4, to + 5);
		for (int i = 0; i < BATCH; i++) {
			memcpy(frames[i], to, 6);
			memcpy(frames[i] + 6, device.ifr_hwaddr.sa_data, 6);
			put16(frames[i] + 12, ETH_P_IP);
		}
		next_hop.sll_ifindex = if_nametoindex(argv[5]);
	}
	for (int i = 0; i < BATCH; i++) {
		addresses[i].sin_family = AF_INET;
		parts[i] = (struct iovec){ frames[i] + (lane ? 0 : 14), PROBE_LEN + (lane ? 14 : 0) };
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
		messages[i].msg_hdr.msg_name = lane ? (void *)&next_hop : (void *)&addresses[i];
		messages[i].msg_hdr.msg_namelen = lane ? sizeof next_hop : sizeof addresses[i];
	}

	struct timespec began, ended;
	clock_gettime(CLOCK_MONOTONIC, &began);
	long sent = 0, errors = 0;
	while (sent + errors < count) {
		int batch = count - sent - errors < BATCH ? count - sent - errors : BATCH;
		for (int i = 0; i < batch; i++) {
			uint64_t n = sent + errors + i;
			uint32_t destination = ntohl(first.s_addr) + (uint16_t)(n * 40503);
			addresses[i].sin_addr.s_addr = htonl(destination);
			write_probe(frames[i] + 14, ntohl(source.s_addr), destination, 1 + (n >> 16), n * 2654435761u);
		}
		for (int done = 0; done < batch;) {
			int taken = sendmmsg(fd, messages + done, batch - done, 0);
			if (taken > 0) {
				done += taken;
				sent += taken;
			} else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR) {
				done++;
				errors++;
			}
		}
	}
	clock_gettime(CLOCK_MONOTONIC, &ended);
	double seconds = (ended.tv_sec - began.tv_sec) + (ended.tv_nsec - began.tv_nsec) / 1e9;
	printf("%.0f %ld %ld\n", sent / seconds, sent, errors);
	return 0;
}
