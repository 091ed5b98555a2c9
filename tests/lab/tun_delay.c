/*
 * Joins two tun devices, each in a network namespace of its own, and delays every packet by the same time each way.
 *
 *   tun_delay NETNS_A DEVICE_A NETNS_B DEVICE_B DELAY_MICROS
 *
 * Prints a line when the link works; ends with its standard input.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* Packets under way in one direction lie in a ring of octets: due time, length, octets. */
enum { RING = 64 << 20, LONGEST = 65536, BATCH = 64 };

struct way {
	int from, to;
	uint8_t *ring;
	uint64_t head, tail; /* octets ever taken out, ever put in */
};

struct packet {
	uint64_t due;
	uint32_t length;
};

static uint64_t now_micros(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_tun(const char *netns, const char *device)
{
	int ns = open(netns, O_RDONLY);
	if (ns < 0 || setns(ns, CLONE_NEWNET) < 0) die(netns);
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	if (fd < 0) die("/dev/net/tun");
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	strncpy(request.ifr_name, device, IFNAMSIZ - 1);
	if (ioctl(fd, TUNSETIFF, &request) < 0) die(device);
	close(ns);
	return fd;
}

static void copy_in(struct way *way, const void *octets, size_t length)
{
	size_t at = way->tail % RING, first = length < RING - at ? length : RING - at;
	memcpy(way->ring + at, octets, first);
	memcpy(way->ring, (const uint8_t *)octets + first, length - first);
	way->tail += length;
}

static void copy_out(struct way *way, uint64_t offset, void *octets, size_t length)
{
	size_t at = (way->head + offset) % RING, first = length < RING - at ? length : RING - at;
	memcpy(octets, way->ring + at, first);
	memcpy((uint8_t *)octets + first, way->ring, length - first);
}

static void take(struct way *way, uint64_t due)
{
	static uint8_t octets[LONGEST];
	for (int i = 0; i < BATCH; i++) {
		ssize_t length = read(way->from, octets, sizeof octets);
		if (length <= 0) return;
		struct packet packet = { due, length };
		if (way->tail - way->head + sizeof packet + length > RING) continue;
		copy_in(way, &packet, sizeof packet);
		copy_in(way, octets, length);
	}
}

/* Sends what is due; returns when the next packet is, or 0 when there is none. */
static uint64_t give(struct way *way, uint64_t now)
{
	static uint8_t octets[LONGEST];
	while (way->head < way->tail) {
		struct packet packet;
		copy_out(way, 0, &packet, sizeof packet);
		if (packet.due > now) return packet.due;
		copy_out(way, sizeof packet, octets, packet.length);
		way->head += sizeof packet + packet.length;
		if (write(way->to, octets, packet.length) < 0 && errno == EAGAIN) continue;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 6) return 1;
	int a = open_tun(argv[1], argv[2]), b = open_tun(argv[3], argv[4]);
	uint64_t delay = strtoull(argv[5], NULL, 10);
	struct way ways[2] = { { .from = a, .to = b }, { .from = b, .to = a } };
	for (int i = 0; i < 2; i++)
		if (!(ways[i].ring = malloc(RING))) die("malloc");
	struct pollfd fds[3] = { { a, POLLIN, 0 }, { b, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
	printf("joined\n");
	fflush(stdout);
	for (;;) {
		uint64_t now = now_micros(), next = 0;
		for (int i = 0; i < 2; i++) {
			uint64_t due = give(&ways[i], now);
			if (due && (!next || due < next)) next = due;
		}
		uint64_t wait = next ? next - now : 1000000;
		struct timespec timeout = { wait / 1000000, wait % 1000000 * 1000 };
		if (ppoll(fds, 3, &timeout, NULL) < 0 && errno != EINTR) die("ppoll");
		if (fds[2].revents) return 0;
		now = now_micros();
		for (int i = 0; i < 2; i++) take(&ways[i], now + delay);
	}
}
