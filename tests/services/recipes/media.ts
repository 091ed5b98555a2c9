/** Recipes of chat, voice and media servers. */

import { type Recipe, recipe } from "../recipe.ts";

const NGIRCD = `[Global]
Name = irc.lab.test
Info = lab
Ports = 6667
ServerUID = irc
ServerGID = irc
[Options]
PAM = no
DNS = no
Ident = no
`;
const INSPIRCD = `<config format="xml">
<server name="insp.lab.test" description="x" network="Lab" id="1AA">
<bind address="" port="6668" type="clients">
<connect allow="*">
<admin name="a" nick="a" email="a@lab.test">
<pid file="/lab/inspircd.pid">
`;
const PROSODY = `daemonize = false
run_as_root = true
pidfile = "/lab/prosody.pid"
data_path = "/lab"
modules_enabled = { "roster", "saslauth", "tls", "dialback", "disco", "version" }
VirtualHost "lab.test"
`;
const ICECAST = "<icecast><hostname>lab.test</hostname><authentication><source-password>lab</source-password>" +
  "<admin-user>a</admin-user><admin-password>lab</admin-password></authentication><listen-socket><port>8000</port>" +
  "</listen-socket><paths><basedir>/usr/share/icecast2</basedir><logdir>/tmp</logdir>" +
  "<webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot></paths></icecast>";
const KAMAILIO = `#!KAMAILIO
listen=tcp:0.0.0.0:5060
children=1
tcp_children=1
loadmodule "sl.so"
loadmodule "tm.so"
request_route { sl_send_reply("200","OK"); }
`;

export const MEDIA: readonly Recipe[] = [
  recipe("ngircd", "ngircd", "exec ngircd -n -f /lab/ngircd.conf", ["6667 irc | ngircd | -"], {
    files: { "/lab/ngircd.conf": NGIRCD },
  }),
  recipe("inspircd", "inspircd", "exec inspircd --nofork --runasroot --config /lab/inspircd.conf --nolog", [
    "6668 irc | InspIRCd | -",
  ], { files: { "/lab/inspircd.conf": INSPIRCD } }),
  recipe("bitlbee", "bitlbee", "exec bitlbee -D -n -p 6670 -d /lab", ["6670 irc | BitlBee | -"]),
  recipe("prosody", "prosody", "exec prosody --config /lab/prosody.lua", [
    "prosody-c2s:5222 xmpp-client/xmpp/jabber | Prosody | -",
    "prosody-s2s:5269 xmpp-server/xmpp/jabber | Prosody | -",
  ], { files: { "/lab/prosody.lua": PROSODY } }),
  recipe(
    "murmurd",
    "mumble-server",
    "mkdir -p mumble; chmod 777 mumble; HOME=/lab/mumble exec murmurd -fg -ini /lab/mumble.ini",
    [
      "64738 mumble/murmur | Murmur/Mumble | -",
    ],
    { files: { "/lab/mumble.ini": "database=/lab/mumble/db\nport=64738\nuname=\n" } },
  ),
  recipe("uhub", "uhub", "touch acl; exec uhub -c /lab/uhub.conf", ["1511 adc/uhub | uhub | {uhub}"], {
    files: { "/lab/uhub.conf": "server_port=1511\nserver_bind_addr=any\nhub_name=lab\nfile_acl=/lab/acl\n" },
  }),
  recipe("mpd", "mpd", "exec mpd --no-daemon /lab/mpd.conf", ["6600 mpd | Music Player Daemon/MPD | 0.23"], {
    files: {
      "/lab/mpd.conf":
        'music_directory "/lab/www"\nbind_to_address "any"\nport "6600"\naudio_output {\n type "null"\n name "n"\n}\n',
    },
  }),
  recipe("icecast", "icecast2", "exec su icecast2 -s /bin/sh -c 'exec icecast2 -c /lab/icecast.xml'", [
    "8000 http/icecast | Icecast | {icecast2}",
  ], { files: { "/lab/icecast.xml": ICECAST } }),
  recipe("kamailio", "kamailio", "mkdir -p /run/kamailio; exec kamailio -f /lab/kamailio.cfg -DD -E -m 8 -M 2", [
    "5060 sip | Kamailio | {kamailio}",
  ], {
    files: { "/lab/kamailio.cfg": KAMAILIO },
  }),
  recipe(
    "coturn",
    "coturn",
    "exec turnserver -n -L 0.0.0.0 --no-tls --no-dtls --lt-cred-mech --user a:b --realm lab.test --log-file stdout " +
      "--db /lab/turn.db --pidfile /lab/turn.pid",
    ["3478 stun/turn | Coturn | {coturn}"],
  ),
  recipe(
    "pulseaudio",
    "pulseaudio",
    "exec pulseaudio --system=false --daemonize=no -n --exit-idle-time=-1 -L module-null-sink " +
      '-L "module-native-protocol-tcp port=4713 auth-anonymous=1" -L "module-cli-protocol-tcp listen=0.0.0.0 port=4712" ' +
      '-L "module-simple-protocol-tcp port=4711"',
    [
      "pulseaudio-simple:4711 pulseaudio/pulse | PulseAudio | -",
      "pulseaudio-cli:4712 pulseaudio/pulse | PulseAudio | -",
      "pulseaudio-native:4713 pulseaudio/pulse | PulseAudio | -",
    ],
  ),
  recipe("fluidsynth", "fluidsynth", "exec fluidsynth -i -s -a file -o shell.port=9800", [
    "9800 fluidsynth | FluidSynth | -",
  ]),
  recipe("snapserver", "snapserver", "exec snapserver --server.datadir=/lab", [
    "snapserver-rpc:1705 snapcast | Snapcast | {snapserver}",
    "snapserver-stream:1704 snapcast | Snapcast | -",
    "snapserver-http:1780 http | Snapcast | -",
  ]),
];
