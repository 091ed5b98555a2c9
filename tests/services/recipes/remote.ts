/** Recipes of servers for remote access: shells, desktops, printing. */

import { type Recipe, recipe } from "../recipe.ts";

/** Without a password the daemons of FRR refuse every client before they greet. */
const VTY = "hostname lab\npassword lab\n";

export const REMOTE: readonly Recipe[] = [
  recipe("openssh", "openssh-server", "mkdir -p /run/sshd; exec /usr/sbin/sshd -D -p 22", [
    "22 ssh | OpenSSH | {openssh-server}",
  ]),
  recipe("dropbear", "dropbear-bin", "mkdir -p /etc/dropbear; exec dropbear -F -R -p 2222", [
    "2222 ssh | Dropbear sshd/Dropbear | {dropbear-bin}",
  ]),
  recipe(
    "tinysshd",
    "tinysshd socat",
    'tinysshd-makekey tinyssh; exec socat TCP-LISTEN:2223,fork,reuseaddr EXEC:"tinysshd -v /lab/tinyssh"',
    ["2223 ssh | TinySSH | 20230101"],
  ),
  recipe("xvfb", "xvfb", "exec Xvfb :1 -listen tcp -ac -screen 0 64x64x8", ["6001 X11 | X.Org | -"]),
  recipe(
    "tigervnc",
    "tigervnc-standalone-server",
    "exec Xtigervnc :2 -SecurityTypes None -localhost=0 -geometry 64x64 -rfbport 5902 -BlacklistThreshold 1000000",
    ["5902 vnc | TigerVNC/VNC | -"],
  ),
  recipe(
    "tigervnc-password",
    "tigervnc-standalone-server",
    "exec Xtigervnc :3 -SecurityTypes VncAuth,TLSVnc -PasswordFile /lab/none -localhost=0 -geometry 64x64 -rfbport 5904 " +
      "-BlacklistThreshold 1000000",
    ["5904 vnc | TigerVNC/VNC | -"],
  ),
  recipe(
    "x11vnc",
    "x11vnc",
    "while [ ! -e /tmp/.X11-unix/X1 ]; do sleep 0.2; done; exec x11vnc -display :1 -rfbport 5903 -forever -nopw -shared -no6 -noipv6",
    ["5903 vnc | x11vnc/VNC | -"],
    { needs: ["xvfb"] },
  ),
  recipe("xrdp", "xrdp", "exec xrdp -n", ["3389 ms-wbt-server/rdp | xrdp | -"]),
  recipe("cups", "cups", "exec cupsd -f", ["631 ipp/http | CUPS | 2.4"], {
    files: { "/etc/cups/cupsd.conf": "Listen 631\nServerAlias *\n<Location />\nOrder allow,deny\n</Location>\n" },
  }),
  recipe("p910nd", "p910nd", "mkdir -p /var/lock/p910nd; touch printer; exec p910nd -d -f /lab/printer 1", [
    "9101 jetdirect | p910nd | -",
  ]),
  recipe("saned", "sane-utils", "exec saned -l -b 0.0.0.0 -u root", ["6566 sane-port/sane | SANE | -"]),
  recipe(
    "frr-zebra",
    "frr",
    "mkdir -p /run/frr; chown frr /run/frr; " +
      "exec /usr/lib/frr/zebra -f /lab/vty.conf -A 0.0.0.0 -P 2601 -z /run/frr/zs -i /run/frr/zebra.pid",
    [
      "2601 telnet/zebra/quagga | FRRouting/FRR/Quagga/zebra | {frr}",
    ],
    { files: { "/lab/vty.conf": VTY } },
  ),
  recipe(
    "frr-bgpd",
    "frr",
    "mkdir -p /run/frr; chown frr /run/frr; " +
      "exec /usr/lib/frr/bgpd -f /lab/vty.conf -A 0.0.0.0 -P 2605 -z /run/frr/zs -i /run/frr/bgpd.pid -l 127.0.0.1 -p 179 --no_kernel",
    [
      "2605 telnet/bgpd/zebra/quagga | FRRouting/FRR/Quagga/bgpd | {frr}",
    ],
    { files: { "/lab/vty.conf": VTY } },
  ),
  recipe("adb", "adb", "exec adb -P 5037 -a nodaemon server", ["5037 adb | Android Debug Bridge/Android | -"]),
];
