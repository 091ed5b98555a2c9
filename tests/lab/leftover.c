/*
 * Leaves a connection behind at the other end, of which this end knows nothing any more.
 *
 *   leftover syn_recv|established|time_wait HOST PORT SOURCE_PORT
 *
 * syn_recv needs a packet filter that keeps the SYN-ACK from this kernel; time_wait a server that closes first.
 */
#include <arpa/inet.h>
#include <fcntl.h>
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
  int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[4]))};
  struct sockaddr_in host = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[3])), .sin_addr.s_addr = inet_addr(argv[2])};
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&own, sizeof own) < 0) return perror("bind"), 1;
  if (strcmp(argv[1], "syn_recv") == 0) {
    fcntl(fd, F_SETFL, O_NONBLOCK);
    connect(fd, (struct sockaddr *)&host, sizeof host);
    usleep(100000);
    return 0; /* A socket that has only sent a SYN is closed without a word. */
  }
  if (connect(fd, (struct sockaddr *)&host, sizeof host) < 0) return perror("connect"), 1;
  if (strcmp(argv[1], "time_wait") == 0) {
    char ignored[64];
    while (read(fd, ignored, sizeof ignored) > 0) continue;
    return 0;
  }
  if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &one, sizeof one) < 0) return perror("TCP_REPAIR"), 1;
  return 0; /* In repair mode it is closed without a FIN. */
}
