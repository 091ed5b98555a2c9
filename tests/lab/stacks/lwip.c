// A server on lwIP (Debian liblwip-dev): 10.64.13.2 and fd64:13::2, port 80, behind the tap device that PRECONFIGURED_TAPIF names.
#include <stdio.h>
#include <unistd.h>
#include <lwip/tcpip.h>
#include <lwip/netif.h>
#include <lwip/tcp.h>
#include <netif/tapif.h>

static struct netif nif;
static volatile int ready;

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err) {
  (void)arg, (void)err;
  if (pcb) tcp_abort(pcb);
  return ERR_ABRT;
}

static void init(void *arg) {
  ip4_addr_t address, mask, gateway;
  (void)arg;
  IP4_ADDR(&address, 10, 64, 13, 2);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  IP4_ADDR(&gateway, 10, 64, 13, 1);
  netif_add(&nif, &address, &mask, &gateway, NULL, tapif_init, tcpip_input);
  ip6_addr_t address6;
  ip6addr_aton("fd64:13::2", &address6);
  // It joins the groups that it is solicited by.
  nif.flags |= NETIF_FLAG_MLD6;
  netif_create_ip6_linklocal_address(&nif, 1);
  s8_t index = -1;
  netif_add_ip6_address(&nif, &address6, &index);
  netif_set_default(&nif);
  netif_set_up(&nif);
  netif_set_link_up(&nif);
  // No other host of the link has it, so that duplicate address detection is left out.
  if (index >= 0) netif_ip6_addr_set_state(&nif, index, IP6_ADDR_PREFERRED);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  tcp_bind(pcb, IP_ANY_TYPE, 80);
  tcp_accept(tcp_listen(pcb), on_accept);
  ready = 1;
}

int main(void) {
  char byte;
  tcpip_init(init, NULL);
  while (!ready) usleep(10000);
  puts("ready");
  fflush(stdout);
  while (read(0, &byte, 1) > 0) {}
  return 0;
}
