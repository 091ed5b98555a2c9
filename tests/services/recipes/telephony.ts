/** Recipes of servers of telephony, routing, clusters and storage. */

import { type Recipe, recipe } from "../recipe.ts";

const osmo = (name: string, vty: number, ctrl: number, product: string): readonly string[] => [
  `${name}-vty:${vty} telnet | ${product} | {${name}}`,
  `${name}-ctrl:${ctrl} osmocom-ctrl | - | -`,
];

/** Binds Osmocom's consoles to all addresses. */
const OSMO = "line vty\n bind 0.0.0.0\nctrl\n bind 0.0.0.0\n";

/** An address beside loopback: some servers take a machine without one for one without IPv4. */
const NETWORK =
  "ip link add lab1 type veth peer name lab2; ip addr add 192.0.2.9/24 dev lab1; ip link set lab1 up; ip link set lab2 up; ";

export const TELEPHONY: readonly Recipe[] = [
  recipe("osmo-mgw", "osmo-mgw", "exec osmo-mgw -c /lab/osmo-mgw.cfg", osmo("osmo-mgw", 4243, 4267, "OsmoMGW"), {
    files: { "/lab/osmo-mgw.cfg": `${OSMO}mgcp\n bind ip 127.0.0.1\n` },
  }),
  recipe("osmo-hlr", "osmo-hlr", "exec osmo-hlr -c /lab/osmo-hlr.cfg -l /lab/hlr.db", [
    ...osmo("osmo-hlr", 4258, 4259, "OsmoHLR"),
    "osmo-hlr-gsup:4222 ipa/gsup | - | -",
  ], { files: { "/lab/osmo-hlr.cfg": `${OSMO}hlr\n gsup\n  bind ip 0.0.0.0\n` } }),
  recipe("osmo-stp", "osmo-stp", "exec osmo-stp -c /lab/osmo-stp.cfg", [
    "osmo-stp-vty:4239 telnet | OsmoSTP | {osmo-stp}",
  ], {
    files: { "/lab/osmo-stp.cfg": "line vty\n bind 0.0.0.0\n" },
  }),
  recipe(
    "freediameter",
    "freediameterd freediameter-extensions iproute2",
    NETWORK + "exec freeDiameterd -c /lab/freediameter.conf",
    [
      "3868 diameter | freeDiameter | -",
    ],
    {
      files: {
        "/lab/freediameter.conf":
          'Identity = "lab.test";\nRealm = "test";\nNo_SCTP;\nNo_IPv6;\nTLS_Cred = "/lab/cert.pem", "/lab/key.pem";\n' +
          'TLS_CA = "/lab/cert.pem";\nSecPort = 0;\nLoadExtension = "dbg_msg_dumps.fdx" : "0x0080";\n',
      },
    },
  ),
  recipe("bird", "bird2", "exec bird -f -c /lab/bird.conf -s /tmp/bird.ctl", ["179 bgp | - | -"], {
    files: {
      "/lab/bird.conf":
        "router id 192.0.2.2;\nprotocol device {}\nprotocol bgp lab { local 127.0.0.1 as 64512; neighbor 127.0.0.1 port 1179 as 64513; passive; multihop; ipv4 { import none; export none; }; }\n",
    },
  }),
  recipe(
    "stayrtr",
    "stayrtr",
    "exec stayrtr -bind 0.0.0.0:8282 -metrics.addr 0.0.0.0:9847 -cache /lab/rpki.json -checktime=false",
    [
      "stayrtr:8282 rpki-rtr | - | -",
      "stayrtr-metrics:9847 http | - | -",
    ],
    {
      files: {
        "/lab/rpki.json":
          '{"metadata":{"buildtime":"2021-07-27T18:56:02Z"},"roas":[{"prefix":"192.0.2.0/24","maxLength":24,"asn":64512,"ta":"lab"}]}',
      },
    },
  ),
  recipe("openflow", "openvswitch-testcontroller", "mkdir -p /run/openvswitch; exec ovs-testcontroller ptcp:6653", [
    "6653 openflow | - | -",
  ]),
  recipe("nbdkit", "nbdkit", "exec nbdkit -f -p 10809 memory 1M", ["10809 nbd | - | -"]),
  recipe(
    "tgtd",
    "tgt",
    "tgtd -f --iscsi portal=127.0.0.1:3261 & sleep 2; tgtadm --lld iscsi --op new --mode target --tid 1 -T iqn.2001-04.test:lab; tgtadm --lld iscsi --op bind --mode target --tid 1 -I ALL; tgtadm --lld iscsi --op new --mode portal --param portal=0.0.0.0:3260; wait",
    ["3260 iscsi | - | -"],
  ),
  recipe("diod", "diod", "exec diod -f -l 0.0.0.0:564 -e /lab/www -n -S -U root", ["564 9pfs | diod | -"]),
  recipe("vtund", "vtun", "exec vtund -s -n -P 12601 -f /lab/vtund.conf", ["12601 vtun | vtund | -"], {
    files: { "/lab/vtund.conf": "lab { passwd lab; type tun; proto tcp; up { }; }\n" },
  }),
  recipe("ser2net", "ser2net iproute2", NETWORK + "exec ser2net -n -c /lab/ser2net.yaml", [
    "ser2net-admin:12602 ser2net | ser2net | {ser2net}",
    "ser2net-port:12603 telnet | ser2net | -",
  ], {
    files: {
      "/lab/ser2net.yaml":
        "%YAML 1.1\n---\nadmin:\n  accepter: tcp,12602\nconnection: &lab\n  accepter: telnet,tcp,12603\n  connector: echo\n  options:\n    banner: 'ser2net port \\p device \\d [\\B]\\r\\n'\n",
    },
  }),
];
