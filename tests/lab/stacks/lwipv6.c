// A server on LWIPv6 (Debian liblwipv6-dev): 10.64.12.2 and fd64:12::2, port 80, behind the tap device that is named.
#include <stdio.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <lwipv6.h>

int main(int argc, char **argv) {
  struct sockaddr_in6 own = {.sin6_family = AF_INET6, .sin6_port = htons(80)};
  struct ip_addr address, mask;
  struct stack *stack = lwip_stack_new();
  struct netif *device = lwip_tapif_add(stack, argc > 1 ? argv[1] : "tap0");
  IP64_ADDR(&address, 10, 64, 12, 2);
  IP64_MASKADDR(&mask, 255, 255, 255, 0);
  lwip_add_addr(device, &address, &mask);
  IP6_ADDR(&address, 0xfd64, 0x12, 0, 0, 0, 0, 0, 2);
  IP6_ADDR(&mask, 0xffff, 0xffff, 0xffff, 0xffff, 0, 0, 0, 0);
  lwip_add_addr(device, &address, &mask);
  lwip_ifup(device);
  // Its addresses of IPv4 are mapped ones.
  int fd = lwip_msocket(stack, PF_INET6, SOCK_STREAM, 0);
  if (lwip_bind(fd, (void *)&own, sizeof own) < 0 || lwip_listen(fd, 5) < 0) return 1;
  puts("ready");
  fflush(stdout);
  for (;;) {
    int connection = lwip_accept(fd, NULL, NULL);
    if (connection >= 0) lwip_close(connection);
    else usleep(100000);
  }
}
