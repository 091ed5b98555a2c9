/*
 * Leaves a connection behind at the other end, of which this end knows nothing any more.
 *
 *   leftover syn_recv|established|time_wait HOST PORT SOURCE_PORT
 *
 * syn_recv needs a packet filter that keeps the SYN-ACK from this kernel; time_wait a server that closes first.
 */
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef TCP_REPAIR
#define TCP_REPAIR 19
#endif

int main(int argc, char **argv) {
  if (argc != 5) return fprintf(stderr, "usage: leftover STATE HOST PORT SOURCE_PORT\n"), 2;
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_PASSIVE}, *host, *own;
  if (getaddrinfo(argv[2], argv[3], &hints, &host) != 0) return fprintf(stderr, "no address: %s\n", argv[2]), 2;
  hints.ai_family = host->ai_family;
  if (getaddrinfo(NULL, argv[4], &hints, &own) != 0) return fprintf(stderr, "no port: %s\n", argv[4]), 2;
  int fd = socket(host->ai_family, SOCK_STREAM, 0), one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, own->ai_addr, own->ai_addrlen) < 0) return perror("bind"), 1;
  if (strcmp(argv[1], "syn_recv") == 0) {
    fcntl(fd, F_SETFL, O_NONBLOCK);
    connect(fd, host->ai_addr, host->ai_addrlen);
    usleep(100000);
    return 0; /* A socket that has only sent a SYN is closed without a word. */
  }
  if (connect(fd, host->ai_addr, host->ai_addrlen) < 0) return perror("connect"), 1;
  if (strcmp(argv[1], "time_wait") == 0) {
    char ignored[64];
    while (read(fd, ignored, sizeof ignored) > 0) continue;
    return 0;
  }
  if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &one, sizeof one) < 0) return perror("TCP_REPAIR"), 1;
  return 0; /* In repair mode it is closed without a FIN. */
}
