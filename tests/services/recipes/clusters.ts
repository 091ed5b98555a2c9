/** Recipes of servers of clusters, routes, builds and games that greet, or that reply to a probe of their own. */

import { type Recipe, recipe } from "../recipe.ts";

export const CLUSTERS: readonly Recipe[] = [
  recipe(
    "babeld",
    "babeld socat",
    "babeld -c /dev/null -I /tmp/babeld.pid -S /tmp/babeld.state -g 33124 lo & exec socat TCP4-LISTEN:33123,fork,reuseaddr TCP6:[::1]:33124",
    [
      "33123 babel | babeld | {babeld}",
    ],
  ),
  recipe("powerman", "powerman", "mkdir -p /run/powerman; exec powermand -f -c /lab/powerman.conf", [
    "10101 powerman | PowerMan | {powerman}",
  ], {
    files: {
      "/lab/powerman.conf":
        'listen "0.0.0.0:10101"\ninclude "/etc/powerman/apc.dev"\ndevice "lab" "apc" "127.0.0.1:9"\nnode "lab" "lab" "1"\n',
    },
  }),
  recipe(
    "icegridregistry",
    "zeroc-icegrid",
    "mkdir -p /tmp/icegrid; exec icegridregistry --Ice.Config=/lab/icegrid.conf --nochdir",
    ["4061 ice | ZeroC Ice | -"],
    {
      files: {
        "/lab/icegrid.conf":
          "IceGrid.InstanceName=Lab\nIceGrid.Registry.Client.Endpoints=tcp -p 4061\nIceGrid.Registry.Server.Endpoints=tcp\n" +
          "IceGrid.Registry.Internal.Endpoints=tcp\nIceGrid.Registry.LMDB.Path=/tmp/icegrid\n" +
          "IceGrid.Registry.PermissionsVerifier=IceGrid/NullPermissionsVerifier\n",
      },
    },
  ),
  recipe("brz", "brz", "exec brz serve --listen=0.0.0.0 --port=4155 --directory=/lab/www", ["4155 bzr | - | -"]),
  recipe("unison", "unison-2.52", "exec unison-2.52 -socket 7070", ["7070 unison | Unison | -"]),
  recipe(
    "xapian-tcpsrv",
    "xapian-tools",
    "exec xapian-tcpsrv --port 7010 --writable /tmp/xapian",
    ["7010 xapian | Xapian | -"],
  ),
  recipe("serf", "serf", "exec serf agent -node=lab -bind=127.0.0.1:7946 -rpc-addr=0.0.0.0:7373", [
    "serf-rpc:7373 serf | Serf | -",
    "serf-gossip:7946 memberlist | - | -",
  ]),
  recipe(
    "pcp",
    "pcp",
    "mkdir -p /run/pcp /var/log/pcp/pmcd; echo 'root { }' > pmns; /usr/lib/pcp/bin/pmcd -f -A -n /lab/pmns -l /tmp/pmcd.log & exec /usr/lib/pcp/bin/pmproxy -f -l /tmp/pmproxy.log",
    ["pmcd:44321 pcp | Performance Co-Pilot | -", "pmproxy:44322 http | pmproxy | {pcp}"],
  ),
  recipe("conmand", "conman", "exec conmand -F -c /lab/conman.conf -p 7890", ["7890 conman | ConMan | -"], {
    files: { "/lab/conman.conf": 'SERVER loopback=off\nSERVER port=7890\nCONSOLE name="lab" dev="/bin/cat"\n' },
  }),
];
