/** Recipes of servers of debuggers, languages, remote calls and messages. */

import { type Recipe, recipe } from "../recipe.ts";

/** An address beside loopback: some servers take a machine without one for one without IPv4. */
const NETWORK =
  "ip link add lab1 type veth peer name lab2; ip addr add 192.0.2.9/24 dev lab1; ip link set lab1 up; ip link set lab2 up; ";

export const DEVELOPMENT: readonly Recipe[] = [
  recipe("gopls", "gopls", "exec gopls -listen=0.0.0.0:12702 serve", ["12702 lsp | gopls | -"]),
  recipe("pylsp", "python3-pylsp", "exec pylsp --tcp --host 0.0.0.0 --port 2087", [
    "2087 lsp | pylsp | {python3-pylsp}",
  ]),
  recipe(
    "rpyc",
    "python3-rpyc",
    "exec python3 -c 'import rpyc; from rpyc.utils.server import ThreadedServer; ThreadedServer(rpyc.SlaveService, port=18812).start()'",
    [
      "18812 rpyc | RPyC | -",
    ],
  ),
  recipe("neovim", "neovim", "exec nvim --headless --listen 0.0.0.0:6666", ["6666 msgpack-rpc | Neovim | -"]),
  recipe("guile", "guile-3.0", "exec guile --no-auto-compile --listen=37146 -c '(sleep 100000)'", [
    "37146 guile | GNU Guile | {guile-3.0}",
  ]),
  recipe("dbus", "dbus iproute2", NETWORK + "exec dbus-daemon --nofork --config-file=/lab/dbus.conf", [
    "12704 dbus | - | -",
  ], {
    files: {
      "/lab/dbus.conf":
        '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">\n' +
        "<busconfig><type>session</type><listen>tcp:host=127.0.0.1,bind=*,port=12704,family=ipv4</listen><auth>ANONYMOUS</auth><allow_anonymous/>" +
        '<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow own="*"/></policy></busconfig>\n',
    },
  }),
  recipe(
    "zmq",
    "python3-zmq",
    "exec python3 -c 'import zmq; s = zmq.Context().socket(zmq.REP); s.bind(\"tcp://0.0.0.0:5555\"); s.recv()'",
    [
      "5555 zmtp | - | -",
    ],
  ),
];
