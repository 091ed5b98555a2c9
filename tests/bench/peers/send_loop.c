/*
 * The least that a SYN sender can do: patch a probe, hand a batch of them to the kernel, again. The ceiling for synscan's own
 * sending, and the kernel's ways of sending compared.
 *
 *   send_loop WAY COUNT SOURCE FIRST_DESTINATION DEVICE DESTINATION_MAC [FIRST_PROBE [HOSTS [BATCH [RECEIVERS]]]]
 *
 * WAY is raw (sendmmsg of an IP socket), ethernet (sendmmsg of AF_PACKET), bypass (the same without the queue of the device,
 * PACKET_QDISC_BYPASS), ring (PACKET_TX_RING), ring-bypass (both), uring (io_uring with a polling kernel thread) or xdp (AF_XDP in
 * copy mode). Sends COUNT probes from number FIRST_PROBE (0) on to HOSTS (65,536; a power of two) addresses from FIRST_DESTINATION on,
 * ports from 1 on, each with a full TCP checksum, BATCH (64) to a call, and prints one line: packets a second, packets sent, errors.
 * Exits with status 3 where the kernel lacks the way.
 *
 * RECEIVERS are the rings (TPACKET_V3) to which the kernel copies the replies meanwhile: none, one, filtered (two, whose filters
 * accept half of the replies each, as those of two workers) or fanout (two that share them, PACKET_FANOUT). A thread empties them.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <linux/io_uring.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1024, IP_LEN = 20, TCP_LEN = 24, PROBE_LEN = IP_LEN + TCP_LEN, FRAME_LEN = 14 + PROBE_LEN };

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

static const char *way, *device;
static uint32_t source, first, hosts = 65536;
static long count, from;
static int batch = 64;
static uint8_t header[14];
static struct sockaddr_ll next_hop = { .sll_family = AF_PACKET, .sll_protocol = 0, .sll_halen = 6 };
static long sent, errors;

static uint32_t destination_of(uint64_t n)
{
	return first + (uint32_t)(n * 40503 & (hosts - 1));
}

/* Writes the frame of probe n of this run. */
static void write_frame(uint8_t *frame, uint64_t n)
{
	n += from;
	memcpy(frame, header, sizeof header);
	write_probe(frame + 14, source, destination_of(n), 1 + n / hosts, n * 2654435761u);
}

static int left(void)
{
	long rest = count - sent - errors;
	return rest < batch ? rest : batch;
}

/* The kernel lacks this way of sending. */
static void missing(const char *what)
{
	perror(what);
	exit(3);
}

static int packet_socket(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	int room = 4 << 20;
	if (fd < 0) die("socket");
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
	return fd;
}

/* With protocol 0 nothing is received. */
static void bind_to_device(int fd)
{
	struct sockaddr_ll name = next_hop;
	name.sll_protocol = 0;
	if (bind(fd, (struct sockaddr *)&name, sizeof name) < 0) die("bind");
}

/* Leaves out the queue of the device. */
static void bypass_queue(int fd)
{
	int bypass = 1;
	if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof bypass) < 0) missing("PACKET_QDISC_BYPASS");
}

static void by_sendmmsg(int raw, int bypass)
{
	static uint8_t frames[MOST][64];
	static struct sockaddr_in addresses[MOST];
	static struct iovec parts[MOST];
	static struct mmsghdr messages[MOST];
	int room = 4 << 20;
	int fd = raw ? socket(AF_INET, SOCK_RAW, IPPROTO_RAW) : packet_socket();
	if (fd < 0) die("socket");
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
	if (bypass) bypass_queue(fd);
	for (int i = 0; i < batch; i++) {
		addresses[i].sin_family = AF_INET;
		parts[i] = (struct iovec){ frames[i] + (raw ? 14 : 0), raw ? PROBE_LEN : FRAME_LEN };
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
		messages[i].msg_hdr.msg_name = raw ? (void *)&addresses[i] : (void *)&next_hop;
		messages[i].msg_hdr.msg_namelen = raw ? sizeof addresses[i] : sizeof next_hop;
	}
	while (left() > 0) {
		int length = left();
		for (int i = 0; i < length; i++) {
			write_frame(frames[i], sent + errors + i);
			addresses[i].sin_addr.s_addr = htonl(destination_of(from + sent + errors + i));
		}
		for (int done = 0; done < length;) {
			int taken = sendmmsg(fd, messages + done, length - done, 0);
			if (taken > 0) {
				done += taken;
				sent += taken;
			} else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR) {
				done++;
				errors++;
			}
		}
	}
}

static void by_ring(int bypass)
{
	enum { RING_FRAME = 256, RING_FRAMES = 4096 };
	int fd = packet_socket(), version = TPACKET_V2;
	struct tpacket_req request = { 1 << 16, RING_FRAMES * RING_FRAME >> 16, RING_FRAME, RING_FRAMES };
	if (bypass) bypass_queue(fd);
	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0) missing("PACKET_VERSION");
	if (setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &request, sizeof request) < 0) missing("PACKET_TX_RING");
	uint8_t *ring = mmap(NULL, RING_FRAMES * RING_FRAME, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ring == MAP_FAILED) die("mmap");
	bind_to_device(fd);
	for (long at = 0; left() > 0;) {
		int length = left();
		for (int i = 0; i < length; i++, at++) {
			volatile struct tpacket2_hdr *head = (void *)(ring + at % RING_FRAMES * RING_FRAME);
			while (head->tp_status != TP_STATUS_AVAILABLE) send(fd, NULL, 0, 0);
			write_frame((uint8_t *)head + TPACKET2_HDRLEN - sizeof(struct sockaddr_ll), sent + i);
			head->tp_len = FRAME_LEN;
			__atomic_store_n(&head->tp_status, TP_STATUS_SEND_REQUEST, __ATOMIC_RELEASE);
		}
		while (send(fd, NULL, 0, 0) < 0 && (errno == ENOBUFS || errno == EAGAIN)) continue;
		sent += length;
	}
}

static void by_uring(void)
{
	enum { ENTRIES = 1024 };
	static uint8_t frames[ENTRIES][64];
	int fd = packet_socket();
	bind_to_device(fd);
	struct io_uring_params params = { .flags = IORING_SETUP_SQPOLL, .sq_thread_idle = 100 };
	int ring = syscall(SYS_io_uring_setup, ENTRIES, &params);
	if (ring < 0) missing("io_uring_setup");
	size_t sq_len = params.sq_off.array + params.sq_entries * 4;
	size_t cq_len = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
	int prot = PROT_READ | PROT_WRITE, flags = MAP_SHARED | MAP_POPULATE;
	uint8_t *sq = mmap(NULL, sq_len, prot, flags, ring, IORING_OFF_SQ_RING);
	uint8_t *cq = mmap(NULL, cq_len, prot, flags, ring, IORING_OFF_CQ_RING);
	struct io_uring_sqe *entries =
		mmap(NULL, params.sq_entries * sizeof *entries, prot, flags, ring, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || entries == MAP_FAILED) die("mmap");
	uint32_t *tail = (void *)(sq + params.sq_off.tail), *state = (void *)(sq + params.sq_off.flags);
	uint32_t *array = (void *)(sq + params.sq_off.array);
	uint32_t *cq_head = (void *)(cq + params.cq_off.head), *cq_tail = (void *)(cq + params.cq_off.tail);
	struct io_uring_cqe *results = (void *)(cq + params.cq_off.cqes);
	long begun = 0;
	while (sent + errors < count) {
		long free = ENTRIES - (begun - sent - errors);
		for (int i = 0; i < batch && free > 0 && begun < count; i++, free--, begun++) {
			int slot = begun % ENTRIES;
			write_frame(frames[slot], begun);
			entries[slot] = (struct io_uring_sqe){ .opcode = IORING_OP_SEND, .fd = fd, .len = FRAME_LEN };
			entries[slot].addr = (uintptr_t)frames[slot];
			array[slot] = slot;
		}
		__atomic_store_n(tail, begun, __ATOMIC_SEQ_CST);
		if (__atomic_load_n(state, __ATOMIC_SEQ_CST) & IORING_SQ_NEED_WAKEUP)
			syscall(SYS_io_uring_enter, ring, 0, 0, IORING_ENTER_SQ_WAKEUP, NULL, 0);
		uint32_t head = *cq_head, last = __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE);
		if (head == last) syscall(SYS_io_uring_enter, ring, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
		for (; head != last; head++) {
			if (results[head & (params.cq_entries - 1)].res == FRAME_LEN) sent++;
			else errors++;
		}
		__atomic_store_n(cq_head, head, __ATOMIC_RELEASE);
	}
}

static void *xdp_ring(int fd, const struct xdp_ring_offset *at, size_t entry, int entries, off_t page)
{
	uint8_t *ring = mmap(NULL, at->desc + entries * entry, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, page);
	if (ring == MAP_FAILED) die("mmap");
	return ring;
}

static void by_xdp(void)
{
	enum { ENTRIES = 1024, CHUNK = 2048 };
	int fd = socket(AF_XDP, SOCK_RAW, 0), entries = ENTRIES;
	if (fd < 0) missing("AF_XDP");
	uint8_t *memory = mmap(NULL, ENTRIES * CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct xdp_umem_reg area = { .addr = (uintptr_t)memory, .len = ENTRIES * CHUNK, .chunk_size = CHUNK };
	if (setsockopt(fd, SOL_XDP, XDP_UMEM_REG, &area, sizeof area) < 0) missing("XDP_UMEM_REG");
	setsockopt(fd, SOL_XDP, XDP_UMEM_FILL_RING, &entries, sizeof entries);
	setsockopt(fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &entries, sizeof entries);
	setsockopt(fd, SOL_XDP, XDP_TX_RING, &entries, sizeof entries);
	struct xdp_mmap_offsets at;
	socklen_t length = sizeof at;
	if (getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &length) < 0) missing("XDP_MMAP_OFFSETS");
	uint8_t *tx = xdp_ring(fd, &at.tx, sizeof(struct xdp_desc), ENTRIES, XDP_PGOFF_TX_RING);
	uint8_t *done = xdp_ring(fd, &at.cr, 8, ENTRIES, XDP_UMEM_PGOFF_COMPLETION_RING);
	struct sockaddr_xdp name = { .sxdp_family = AF_XDP, .sxdp_flags = XDP_COPY, .sxdp_ifindex = next_hop.sll_ifindex };
	if (bind(fd, (struct sockaddr *)&name, sizeof name) < 0) missing("bind");
	struct xdp_desc *frames = (void *)(tx + at.tx.desc);
	uint32_t *producer = (void *)(tx + at.tx.producer);
	uint32_t *finished = (void *)(done + at.cr.producer), *consumer = (void *)(done + at.cr.consumer);
	long begun = 0;
	while (sent < count) {
		for (int i = 0; i < batch && begun < count && begun - sent < ENTRIES; i++, begun++) {
			int slot = begun % ENTRIES;
			write_frame(memory + slot * CHUNK, begun);
			frames[slot] = (struct xdp_desc){ .addr = slot * CHUNK, .len = FRAME_LEN };
		}
		__atomic_store_n(producer, begun, __ATOMIC_RELEASE);
		sendto(fd, NULL, 0, MSG_DONTWAIT, NULL, 0);
		sent = begun - (uint32_t)((uint32_t)begun - __atomic_load_n(finished, __ATOMIC_ACQUIRE));
		__atomic_store_n(consumer, sent, __ATOMIC_RELEASE);
	}
}

enum { BLOCKS = 256, BLOCK_LEN = 32 << 10 };
static struct pollfd receivers[2];
static uint8_t *rings[2];

/* Opens receive ring number at. Its filter accepts the replies from even addresses (half 0), odd ones (1) or all (2). */
static void open_receiver(int at, int half, int fanout)
{
	int fd = socket(AF_PACKET, SOCK_DGRAM, 0), version = TPACKET_V3;
	struct tpacket_req3 request = { BLOCK_LEN, BLOCKS, 2048, BLOCK_LEN / 2048 * BLOCKS, 2, 0, 0 };
	if (fd < 0) die("socket");
	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0) missing("PACKET_VERSION");
	if (setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) < 0) missing("PACKET_RX_RING");
	struct sock_filter rows[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 4),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 15),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, half == 2 ? 0 : 1),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, half == 2 ? 0 : half, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { sizeof rows / sizeof *rows, rows };
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0) die("SO_ATTACH_FILTER");
	rings[at] = mmap(NULL, BLOCKS * BLOCK_LEN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (rings[at] == MAP_FAILED) die("mmap");
	struct sockaddr_ll name = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP) };
	if (bind(fd, (struct sockaddr *)&name, sizeof name) < 0) die("bind");
	int group = (getpid() & 0xffff) | PACKET_FANOUT_HASH << 16;
	if (fanout && setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &group, sizeof group) < 0) missing("PACKET_FANOUT");
	receivers[at] = (struct pollfd){ .fd = fd, .events = POLLIN };
}

/* Gives every block back that the kernel has filled. */
static void *empty_receivers(void *count)
{
	int block[2] = { 0, 0 };
	for (;;) {
		poll(receivers, (intptr_t)count, -1);
		for (int at = 0; at < (intptr_t)count; at++) {
			for (;; block[at] = (block[at] + 1) % BLOCKS) {
				struct tpacket_block_desc *filled = (void *)(rings[at] + block[at] * BLOCK_LEN);
				if (!(__atomic_load_n(&filled->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) break;
				__atomic_store_n(&filled->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
			}
		}
	}
	return NULL;
}

static void receive_by(const char *kind)
{
	int one = !strcmp(kind, "one"), fanout = !strcmp(kind, "fanout"), filtered = !strcmp(kind, "filtered");
	intptr_t count = one ? 1 : fanout || filtered ? 2 : 0;
	pthread_t thread;
	for (int at = 0; at < count; at++) open_receiver(at, filtered ? at : 2, fanout);
	if (count > 0 && pthread_create(&thread, NULL, empty_receivers, (void *)count) != 0) die("pthread_create");
}

int main(int argc, char **argv)
{
	if (argc < 7) return 1;
	struct in_addr address;
	way = argv[1];
	count = atol(argv[2]);
	if (!inet_aton(argv[3], &address)) return 1;
	source = ntohl(address.s_addr);
	if (!inet_aton(argv[4], &address)) return 1;
	first = ntohl(address.s_addr);
	device = argv[5];
	if (argc > 7) from = atol(argv[7]);
	if (argc > 8) hosts = atol(argv[8]);
	if (argc > 9) batch = atoi(argv[9]);
	if (batch < 1 || batch > MOST) return 1;
	if (argc > 10) receive_by(argv[10]);

	struct ifreq request;
	memset(&request, 0, sizeof request);
	strncpy(request.ifr_name, device, IFNAMSIZ - 1);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (ioctl(fd, SIOCGIFHWADDR, &request) < 0) die(device);
	close(fd);
	uint8_t *to = next_hop.sll_addr;
	sscanf(argv[6], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", to, to + 1, to + 2, to + 3, to + 4, to + 5);
	memcpy(header, to, 6);
	memcpy(header + 6, request.ifr_hwaddr.sa_data, 6);
	put16(header + 12, ETH_P_IP);
	next_hop.sll_ifindex = if_nametoindex(device);
	next_hop.sll_protocol = htons(ETH_P_IP);

	struct timespec began, ended;
	clock_gettime(CLOCK_MONOTONIC, &began);
	if (!strcmp(way, "raw")) by_sendmmsg(1, 0);
	else if (!strcmp(way, "ethernet")) by_sendmmsg(0, 0);
	else if (!strcmp(way, "bypass")) by_sendmmsg(0, 1);
	else if (!strcmp(way, "ring")) by_ring(0);
	else if (!strcmp(way, "ring-bypass")) by_ring(1);
	else if (!strcmp(way, "uring")) by_uring();
	else if (!strcmp(way, "xdp")) by_xdp();
	else return 1;
	clock_gettime(CLOCK_MONOTONIC, &ended);
	double seconds = (ended.tv_sec - began.tv_sec) + (ended.tv_nsec - began.tv_nsec) / 1e9;
	printf("%.0f %ld %ld\n", sent / seconds, sent, errors);
	return 0;
}
