/** Recipes of devices, clusters, remote access, names and monitoring outside the truth table. */

import { PROBES } from "../../../src/service/probes.ts";
import { inetd, type Recipe, recipe } from "../recipe.ts";

const ASYNCSSH = `import asyncio, asyncssh
async def main():
    key = asyncssh.generate_private_key("ssh-ed25519")
    await asyncssh.create_server(asyncssh.SSHServer, "", 12301, server_host_keys=[key])
    await asyncio.Event().wait()
asyncio.run(main())
`;
const PARAMIKO = `import socket, threading, paramiko
key = paramiko.RSAKey.generate(2048)
listener = socket.create_server(("", 12302), backlog=50)
def serve(client):
    try:
        transport = paramiko.Transport(client)
        transport.add_server_key(key)
        transport.start_server(server=paramiko.ServerInterface())
    except Exception:
        pass
while True:
    client, _ = listener.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
`;

export const OUTSIDE_SYSTEMS: readonly Recipe[] = [
  recipe("asyncssh", "python3-asyncssh", "exec python3 asyncssh_server.py", [
    "12301 ssh | AsyncSSH | {python3-asyncssh}",
  ], {
    files: { "/lab/asyncssh_server.py": ASYNCSSH },
  }),
  recipe("paramiko", "python3-paramiko", "exec python3 paramiko_server.py", [
    "12302 ssh | Paramiko | {python3-paramiko}",
  ], {
    files: { "/lab/paramiko_server.py": PARAMIKO },
  }),
  recipe("sshesame", "sshesame", "exec sshesame -config /lab/sshesame.yaml -data_dir /tmp", [
    "12303 ssh | sshesame/Go | -",
  ], {
    files: { "/lab/sshesame.yaml": "server:\n  listen_address: 0.0.0.0:12303\n" },
  }),
  recipe("endlessh", "endlessh", "exec endlessh -p 12304 -d 1000", ["12304 ssh/endlessh | endlessh | -"]),
  recipe(
    "lsh-server",
    "lsh-server",
    "mkdir -p /var/spool/lsh /root/.lsh; lsh-make-seed --sloppy -o /root/.lsh/yarrow-seed-file; cp /root/.lsh/yarrow-seed-file /var/spool/lsh/; lsh-keygen | lsh-writekey --server -c none -o hostkey; exec lshd -p 12305 -h /lab/hostkey",
    [
      "12305 ssh | lshd/lsh | 2.1",
    ],
  ),
  recipe(
    "inetutils-telnetd",
    "unpack:inetutils-telnetd socat",
    inetd(12306, "/unpacked/inetutils-telnetd/usr/sbin/telnetd,pty"),
    ["12306 telnet | - | -"],
  ),
  recipe(
    "telnetd-ssl",
    "unpack:telnetd-ssl socat",
    "mkdir -p /etc/telnetd-ssl; cp both.pem /etc/telnetd-ssl/telnetd.pem; " +
      inetd(12307, "/unpacked/telnetd-ssl/usr/sbin/in.telnetd"),
    [
      "12307 telnet | - | -",
    ],
  ),
  recipe(
    "freerdp-shadow",
    "freerdp2-shadow-x11 xvfb",
    "Xvfb :5 -screen 0 640x480x24 & sleep 3; DISPLAY=:5 exec freerdp-shadow-cli /port:12308 -auth",
    [
      "12308 ms-wbt-server/rdp | FreeRDP | -",
    ],
    { needs: ["xvfb"] },
  ),
  recipe(
    "xpra",
    "xpra",
    "exec xpra start :9 --bind-tcp=0.0.0.0:12309 --daemon=no --html=off --pulseaudio=no --notifications=no --mdns=no",
    ["12309 xpra | Xpra | -"],
  ),
  recipe("apcupsd", "unpack:apcupsd", "exec /unpacked/apcupsd/sbin/apcupsd -b -f /lab/apcupsd.conf", [
    "3551 apcupsd | apcupsd | {unpack:apcupsd}",
  ], {
    files: {
      "/lab/apcupsd.conf":
        "## apcupsd.conf v1.1 ##\nUPSNAME lab\nUPSCABLE ether\nUPSTYPE net\nDEVICE 127.0.0.1:3552\nLOCKFILE /tmp\nSCRIPTDIR /etc/apcupsd\n" +
        "PWRFAILDIR /tmp\nNOLOGINDIR /tmp\nNETSERVER on\nNISIP 0.0.0.0\nNISPORT 3551\nEVENTSFILE /tmp/apc.events\nSTATFILE /tmp/apc.status\n",
    },
  }),
  recipe("conserver", "conserver-server", "exec conserver -C /lab/conserver.cf -p 3109", [
    "3109 conserver | Conserver | -",
  ], {
    files: {
      "/lab/conserver.cf":
        "config * { }\ndefault full { rw *; }\nconsole lab { master localhost; type exec; exec /bin/cat; include full; }\naccess * { trusted 127.0.0.1; }\n",
    },
  }),
  recipe("rigctld", "libhamlib-utils", "exec rigctld -m 1 -t 4532", ["4532 rigctld/hamlib | Hamlib | -"]),
  recipe("rotctld", "libhamlib-utils", "exec rotctld -m 1 -t 4533", ["4533 rotctld/hamlib | Hamlib | -"]),
  recipe("direwolf", "direwolf", "exec direwolf -t 0 -c /lab/direwolf.conf -r 48000 - < /dev/zero", [
    "direwolf-agw:8010 agwpe | Dire Wolf/direwolf | -",
    "direwolf-kiss:8001 kiss | Dire Wolf/direwolf | -",
  ], {
    files: {
      "/lab/direwolf.conf": "ADEVICE stdin null\nCHANNEL 0\nMYCALL N0CALL\nMODEM 1200\nAGWPORT 8010\nKISSPORT 8001\n",
    },
  }),
  recipe("indiserver", "indi-bin", "exec indiserver indi_simulator_ccd", ["7624 indi | INDI | -"]),
  recipe(
    "olad",
    "ola",
    "mkdir -p ola; chmod 777 ola; exec su nobody -s /bin/sh -c 'exec olad -c /lab/ola --no-register-with-dns-sd'",
    [
      "olad-http:9090 http | OLA/Open Lighting Architecture | 0.10.9",
      "olad-rpc:9010 ola-rpc/ola | OLA/Open Lighting Architecture | -",
    ],
  ),
  recipe("openocd", "openocd", "exec openocd -f /lab/openocd.cfg", [
    "openocd-telnet:4444 telnet/openocd | Open On-Chip Debugger/OpenOCD | -",
    "openocd-tcl:6666 openocd-tcl/openocd | Open On-Chip Debugger/OpenOCD | {openocd}",
  ], {
    files: {
      "/lab/openocd.cfg":
        "adapter driver dummy\nbindto 0.0.0.0\ntransport select jtag\njtag newtap lab tap -irlen 4\ngdb_port disabled\ninit\n",
    },
  }),
  recipe("dask-scheduler", "python3-distributed", "exec dask-scheduler --host 0.0.0.0 --port 8786 --no-dashboard", [
    "8786 dask | Dask | -",
  ]),
  recipe("qemu-vnc", "qemu-system-x86", "exec qemu-system-x86_64 -M none -display none -vnc 0.0.0.0:10", [
    "5910 vnc | QEMU VNC/QEMU/VNC | -",
  ]),
  recipe(
    "qemu-qmp",
    "qemu-system-x86",
    "exec qemu-system-x86_64 -M none -display none -qmp tcp:0.0.0.0:12311,server=on,wait=off -monitor tcp:0.0.0.0:12312,server=on,wait=off",
    [
      "qemu-qmp:12311 qmp | QEMU | {qemu-system-x86}",
      "qemu-monitor:12312 qemu-monitor/telnet | QEMU | {qemu-system-x86}",
    ],
  ),
  recipe("qemu-gdb", "qemu-system-x86", "exec qemu-system-x86_64 -display none -S -gdb tcp:0.0.0.0:12313", [
    "12313 gdbserver/gdbremote | QEMU | -",
  ]),
  recipe("qemu-nbd", "qemu-utils", "truncate -s 1M nbd.img; exec qemu-nbd -f raw -t -e 10 -p 12314 nbd.img", [
    "12314 nbd | QEMU NBD/QEMU/nbd | -",
  ]),
  recipe("docker-registry", "docker-registry", "exec docker-registry serve /lab/registry.yml", [
    "5000 http | Docker Registry/Docker | -",
  ], {
    files: {
      "/lab/registry.yml":
        "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: /lab/registry\nhttp:\n  addr: :5000\n",
    },
  }),
  recipe(
    "pdns-server",
    "pdns-server pdns-backend-bind",
    "exec pdns_server --config-dir=/lab/pdns --launch=bind --local-port=12320 --local-address=0.0.0.0 --socket-dir=/tmp --daemon=no --guardian=no --webserver=yes --webserver-address=0.0.0.0 --webserver-port=12321 --api=yes --api-key=lab",
    [
      "pdns-server:12320 domain | PowerDNS Authoritative Server/PowerDNS | {pdns-server}",
      "pdns-webserver:12321 http | PowerDNS Authoritative Server/PowerDNS | -",
    ],
    { files: { "/lab/pdns/pdns.conf": "bind-config=\n" } },
  ),
  recipe(
    "yadifa",
    "yadifa",
    "mkdir -p yadifa; exec yadifad -c /lab/yadifad.conf",
    ["12322 domain | YADIFA | {yadifa}"],
    {
      files: {
        "/lab/yadifad.conf":
          '<main>\n daemonize off\n chroot off\n logpath "/lab/yadifa"\n pidfile "/lab/yadifa/pid"\n datapath "/lab/yadifa"\n keyspath "/lab/yadifa"\n xfrpath "/lab/yadifa"\n' +
          " listen 0.0.0.0 port 12322\n uid root\n gid root\n</main>\n",
      },
    },
  ),
  recipe("dnsdist", "dnsdist", "exec dnsdist --supervised -C /lab/dnsdist.conf", [
    "dnsdist-control:5199 dnsdist-control/dnsdist | dnsdist | -",
  ], {
    files: {
      "/lab/dnsdist.conf":
        'setLocal("0.0.0.0:12323")\nsetSecurityPollSuffix("")\nnewServer("127.0.0.1:5354")\ncontrolSocket("0.0.0.0:5199")\nsetKey("ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=")\n',
    },
  }),
  recipe("gdnsd", "gdnsd", "mkdir -p gdnsd; exec gdnsd -c /lab/gdnsd start", ["12324 domain | gdnsd | -"], {
    files: {
      "/lab/gdnsd/config":
        "options => { listen => 0.0.0.0, dns_port => 12324, run_dir => /lab/gdnsd/run, state_dir => /lab/gdnsd/state }\n",
      "/lab/gdnsd/zones/lab.test": "@ SOA ns1 a 1 7200 1800 259200 900\n@ NS ns1\nns1 A 192.0.2.1\n",
    },
  }),
  recipe("knot-resolver", "knot-resolver", "mkdir -p kresd; cd kresd; exec kresd -n -c /lab/kresd.conf /lab/kresd", [
    "12325 domain | Knot Resolver/Knot | -",
  ], {
    files: {
      "/lab/kresd.conf":
        "net.listen('0.0.0.0', 12325, { kind = 'dns' })\ncache.size = 10*MB\ntrust_anchors.remove('.')\n",
    },
  }),
  recipe(
    "dhcpd-omapi",
    "isc-dhcp-server",
    "touch dhcpd.leases; ip link add dum0 type veth peer name dum1; ip addr add 192.0.2.1/24 dev dum0; ip link set dum0 up; exec dhcpd -f -4 -cf /lab/dhcpd.conf -lf /lab/dhcpd.leases -pf /lab/dhcpd.pid dum0",
    [
      "7911 omapi | ISC dhcpd/ISC | -",
    ],
    { files: { "/lab/dhcpd.conf": "omapi-port 7911;\nsubnet 192.0.2.0 netmask 255.255.255.0 { }\n" } },
  ),
  recipe("gmond", "ganglia-monitor", "exec gmond -f -c /lab/gmond.conf", [
    "8649 ganglia/gmond | Ganglia gmond/Ganglia | {ganglia-monitor}",
  ], {
    files: {
      "/lab/gmond.conf":
        'globals { daemonize = no setuid = no mute = no deaf = no }\ncluster { name = "lab" }\nudp_send_channel { host = 127.0.0.1 port = 8650 }\nudp_recv_channel { port = 8650 }\ntcp_accept_channel { port = 8649 }\n',
    },
  }),
  recipe("netdata", "netdata-core", "exec netdata -D -c /lab/netdata.conf", ["19999 http | Netdata | {netdata-core}"], {
    files: {
      "/lab/netdata.conf":
        "[global]\n run as user = root\n[db]\n mode = ram\n[web]\n bind to = *\n[plugins]\n apps = no\n python.d = no\n go.d = no\n",
    },
  }),
  recipe(
    "prometheus",
    "prometheus",
    "echo '{}' > prometheus.yml; exec prometheus --config.file=/lab/prometheus.yml --storage.tsdb.path=/lab/prom --web.listen-address=:12330",
    ["12330 http | Prometheus | {prometheus}"],
  ),
  recipe(
    "alertmanager",
    "prometheus-alertmanager",
    "exec prometheus-alertmanager --config.file=/lab/alertmanager.yml --storage.path=/lab/alert --web.listen-address=:9093 --cluster.listen-address=",
    ["9093 http | Prometheus Alertmanager/Alertmanager | {prometheus-alertmanager}"],
    {
      files: { "/lab/alertmanager.yml": "route: { receiver: x }\nreceivers: [ { name: x } ]\n" },
    },
  ),
  recipe("pushgateway", "prometheus-pushgateway", "exec prometheus-pushgateway --web.listen-address=:12331", [
    "12331 http | Prometheus Pushgateway/Pushgateway | {prometheus-pushgateway}",
  ]),
  recipe("glances", "glances", "exec glances -s -B 0.0.0.0 -p 61209 --disable-autodiscover", [
    "61209 http/xmlrpc | Glances/BaseHTTP/Python | -",
  ]),
  recipe("darkstat", "darkstat", "exec darkstat --no-daemon -i lo -p 667 --chroot /tmp --user root --no-dns", [
    "667 http | darkstat | {darkstat}",
  ]),
  recipe(
    "cfingerd",
    "unpack:cfingerd socat",
    "cp -rn /unpacked/cfingerd/etc/. /etc/; " + inetd(12340, "/unpacked/cfingerd/usr/sbin/cfingerd"),
    ["12340 finger | cfingerd | -"],
  ),
  recipe("fingerd", "unpack:fingerd finger socat", inetd(12341, "/unpacked/fingerd/usr/sbin/in.fingerd"), [
    "12341 finger | - | -",
  ]),
  recipe("ident2", "unpack:ident2 socat", inetd(12342, "/unpacked/ident2/usr/sbin/ident2 -i"), [
    "12342 ident | ident2 | -",
  ]),
  recipe(
    "nullidentd",
    "unpack:nullidentd socat",
    inetd(12343, "/unpacked/nullidentd/usr/sbin/nullidentd").replace(",nofork", ",nofork,su=nobody"),
    [
      "12343 ident | nullidentd | -",
    ],
  ),
  recipe(
    "i2pd",
    "i2pd",
    "exec i2pd --datadir=/lab/i2pd --http.enabled=true --http.address=0.0.0.0 --http.port=7070 --sam.enabled=true --sam.address=0.0.0.0 --sam.port=7656 --httpproxy.enabled=true --httpproxy.address=0.0.0.0 --httpproxy.port=4444 --socksproxy.enabled=false",
    [
      "i2pd-console:7070 http | i2pd | -",
      "i2pd-sam:7656 i2p-sam/sam | i2pd | -",
    ],
  ),
  recipe("ocserv", "ocserv", "exec ocserv -f -c /lab/ocserv.conf", ["12351 http/anyconnect | ocserv/OpenConnect | -"], {
    files: {
      "/lab/ocserv.conf":
        'auth = "plain[passwd=/dev/null]"\ntcp-port = 12351\nsocket-file = /tmp/ocserv\nserver-cert = /lab/cert.pem\nserver-key = /lab/key.pem\nipv4-network = 192.0.2.0/24\ndevice = vpns\nrun-as-user = nobody\nrun-as-group = nogroup\n',
    },
  }),
  recipe("pptpd", "pptpd", "exec pptpd -f -c /lab/pptpd.conf", ["1723 pptp | pptpd/PoPToP/Poptop | -"], {
    files: { "/lab/pptpd.conf": "option /dev/null\nlocalip 192.0.2.1\nremoteip 192.0.2.2-10\n" },
  }),
  recipe(
    "tinc",
    "tinc",
    "mkdir -p tinc/hosts; touch tinc/hosts/lab; echo | tincd -c /lab/tinc -K2048; exec tincd -D -c /lab/tinc --pidfile=/tmp/tinc.pid",
    ["655 tinc | tinc | -"],
    {
      files: { "/lab/tinc/tinc.conf": "Name = lab\nDeviceType = dummy\n" },
    },
  ),
  recipe("gobgpd", "gobgpd", "exec gobgpd --api-hosts=:50051 -f /lab/gobgp.toml", [
    "gobgpd-api:50051 grpc/http2 | GoBGP | -",
  ], {
    files: { "/lab/gobgp.toml": '[global.config]\n as = 64512\n router-id = "192.0.2.1"\n port = 1790\n' },
  }),
  recipe("nuttcp", "nuttcp", "exec nuttcp -S --nofork -P12393", ["12393 nuttcp | nuttcp | {nuttcp}"]),
  recipe("lldb-server", "lldb", "exec $(ls /usr/bin/lldb-server* | head -1) platform --listen '*:12360' --server", [
    "12360 lldb/gdbserver | LLDB | -",
  ]),
  recipe("jupyter", "jupyter-notebook", "exec jupyter notebook --allow-root --no-browser --ip=0.0.0.0 --port=12361", [
    "12361 http | Jupyter Notebook/Jupyter/TornadoServer/Tornado | -",
  ]),
  recipe(
    "rserve",
    "r-cran-rserve",
    "exec R CMD /usr/lib/R/site-library/Rserve/libs/Rserve --no-save --RS-enable-remote --RS-port 6311 --slave",
    [
      "6311 rserve | Rserve | -",
    ],
  ),
  recipe(
    "swank",
    "cl-swank sbcl",
    "exec sbcl --noinform --eval '(require :asdf)' --eval '(asdf:load-system :swank)' --eval '(swank:create-server :port 4005 :dont-close t :interface \"0.0.0.0\")' --eval '(loop (sleep 60))'",
    ["4005 swank | SLIME swank/swank | {cl-swank}"],
  ),
  recipe("debugpy", "python3-debugpy", "exec python3 -m debugpy --listen 0.0.0.0:5678 --wait-for-client wait_page.py", [
    "5678 debugpy/dap | debugpy | 1.6.3+git20221103.a2a3328",
  ], { files: { "/lab/wait_page.py": "import time\ntime.sleep(100000)\n" } }),
  recipe("chromedriver", "chromium-driver", "exec chromedriver --port=9515 --allowed-ips=", [
    "9515 http | ChromeDriver | -",
  ]),
  recipe("wesnothd", "wesnoth-1.16-server", "exec su nobody -s /bin/sh -c 'exec wesnothd-1.16 -p 15000'", [
    "15000 wesnoth | Wesnoth | -",
  ]),
  recipe("pioneers", "pioneers-console", "exec pioneers-server-console -p 5560 -n lab", [
    "5560 pioneers | Pioneers | -",
  ]),
  recipe("liquidwar", "liquidwar-server", "echo 2 | liquidwar-server -lan -port 8035", [
    "8035 liquidwar | Liquid War | -",
  ], { omit: PROBES.map(({ name }) => name).filter((name) => name !== "liquidwar") }),
  recipe("monopd", "monopd", "exec monopd", ["1234 monopd | monopd | {monopd}"]),
  recipe(
    "kadmind",
    "krb5-admin-server krb5-kdc",
    "kdb5_util create -s -P lab; touch /etc/krb5kdc/kadm5.acl; exec kadmind -nofork",
    ["kadmind:749 kadmin/rpcbind | MIT Kerberos/MIT | -", "kpasswd:464 kpasswd/kerberos-sec | MIT Kerberos/MIT | -"],
    {
      files: {
        "/etc/krb5.conf": "[libdefaults]\ndefault_realm=LAB.TEST\n[realms]\nLAB.TEST={\nkdc=127.0.0.1\n}\n",
        "/etc/krb5kdc/kdc.conf": "[kdcdefaults]\nkdc_tcp_listen=88\n[realms]\nLAB.TEST={\n}\n",
      },
    },
  ),
];
