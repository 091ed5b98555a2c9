// A server on gVisor's network stack (Debian golang-gvisor-gvisor-dev): 10.64.11.2 and fd64:11::2, port 80, behind the tun device that is
// named. With a second argument it selects SACK, which is off by default.
package main

import (
	"fmt"
	"os"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/fdbased"
	"gvisor.dev/gvisor/pkg/tcpip/link/rawfile"
	"gvisor.dev/gvisor/pkg/tcpip/link/tun"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Accepts connections to an address, and closes them.
func serve(s *stack.Stack, protocol tcpip.NetworkProtocolNumber, address tcpip.Address) {
	own := tcpip.ProtocolAddress{Protocol: protocol, AddressWithPrefix: address.WithPrefix()}
	s.AddProtocolAddress(1, own, stack.AddressProperties{})
	listener, err := gonet.ListenTCP(s, tcpip.FullAddress{NIC: 1, Addr: address, Port: 80}, protocol)
	must(err)
	go func() {
		for {
			connection, err := listener.Accept()
			must(err)
			connection.Close()
		}
	}()
}

func main() {
	mtu, err := rawfile.GetMTU(os.Args[1])
	must(err)
	fd, err := tun.Open(os.Args[1])
	must(err)
	link, err := fdbased.New(&fdbased.Options{FDs: []int{fd}, MTU: mtu})
	must(err)
	s := stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol, ipv6.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
	})
	if len(os.Args) > 2 {
		sack := tcpip.TCPSACKEnabled(true)
		s.SetTransportProtocolOption(tcp.ProtocolNumber, &sack)
	}
	s.CreateNIC(1, link)
	s.SetRouteTable([]tcpip.Route{
		{Destination: header.IPv4EmptySubnet, NIC: 1},
		{Destination: header.IPv6EmptySubnet, NIC: 1},
	})
	serve(s, ipv4.ProtocolNumber, tcpip.Address([]byte{10, 64, 11, 2}))
	serve(s, ipv6.ProtocolNumber, tcpip.Address([]byte{0xfd, 0x64, 0, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}))
	fmt.Println("ready")
	select {}
}
