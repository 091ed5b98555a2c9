/** Recipes of web and mail servers outside the truth table. */

import { inetd, type Recipe, recipe } from "../recipe.ts";

const ASGI = `async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"ok"})
`;
const RACK = 'run lambda { |env| [200, { "Content-Type" => "text/plain" }, ["ok"]] }\n';
const PSGI = 'sub { [200, ["Content-Type", "text/plain"], ["ok"]] };\n';
const AIOHTTP = `from aiohttp import web
async def page(request):
    return web.Response(text="ok")
app = web.Application()
app.router.add_get("/", page)
web.run_app(app, port=12010)
`;
const CHERRYPY = `import cherrypy
class Root:
    @cherrypy.expose
    def index(self):
        return "ok"
cherrypy.config.update({"server.socket_host": "0.0.0.0", "server.socket_port": 12011})
cherrypy.quickstart(Root())
`;

export const OUTSIDE_WEB: readonly Recipe[] = [
  recipe("uvicorn", "uvicorn", "exec uvicorn --host 0.0.0.0 --port 12001 --app-dir /lab asgi_page:app", [
    "12001 http | Uvicorn | -",
  ], { files: { "/lab/asgi_page.py": ASGI } }),
  recipe("puma", "puma", "exec puma -b tcp://0.0.0.0:12002 rack_page.ru", ["12002 http | Puma | -"], {
    files: { "/lab/rack_page.ru": RACK },
  }),
  recipe("unicorn", "unicorn", "exec unicorn -l 0.0.0.0:12003 rack_page.ru", ["12003 http | unicorn | -"], {
    files: { "/lab/rack_page.ru": RACK },
  }),
  recipe("thin", "thin", "exec thin -a 0.0.0.0 -p 12004 -R rack_page.ru start", ["12004 http | thin | -"], {
    files: { "/lab/rack_page.ru": RACK },
  }),
  recipe("busybox-httpd", "busybox-static", "exec busybox httpd -f -p 12005 -h /lab/www", [
    "12005 http | BusyBox httpd/BusyBox | -",
  ]),
  recipe("cockpit-ws", "cockpit-ws", "exec /usr/lib/cockpit/cockpit-ws --no-tls --port=12006", [
    "12006 http | Cockpit | -",
  ]),
  recipe("shellinabox", "shellinabox", "exec shellinaboxd -t -p 12007", [
    "12007 http | Shell In A Box/shellinabox | -",
  ]),
  recipe("twisted-web", "python3-twisted", "exec twistd3 -n web --listen=tcp:12008 --path=/lab/www", [
    "12008 http | TwistedWeb/Twisted | {python3-twisted}",
  ]),
  recipe("aiohttp", "python3-aiohttp", "exec python3 aiohttp_page.py", ["12010 http | aiohttp | {python3-aiohttp}"], {
    files: { "/lab/aiohttp_page.py": AIOHTTP },
  }),
  recipe("cherrypy", "python3-cherrypy3", "exec python3 cherrypy_page.py", [
    "12011 http | CherryPy | {python3-cherrypy3}",
  ], {
    files: { "/lab/cherrypy_page.py": CHERRYPY },
  }),
  recipe("merecat", "unpack:merecat", "exec /unpacked/merecat/usr/sbin/merecat -n -p 12012 /lab/www", [
    "12012 http | Merecat | 2.32-rc4",
  ]),
  recipe(
    "mojolicious",
    "libmojolicious-perl",
    'exec perl -Mojo -e \'a("/" => { text => "ok" })->start\' daemon -l http://*:12013',
    [
      "12013 http | Mojolicious | -",
    ],
  ),
  recipe("starman", "starman", "exec starman --listen 0.0.0.0:12014 --workers 1 page.psgi", [
    "12014 http | Starman | -",
  ], {
    files: { "/lab/page.psgi": PSGI },
  }),
  recipe("twiggy", "twiggy", "exec twiggy --port 12015 page.psgi", ["12015 http | Twiggy | -"], {
    files: { "/lab/page.psgi": PSGI },
  }),
  recipe("plackup", "libplack-perl", "exec plackup --port 12016 page.psgi", [
    "12016 http | HTTP::Server::PSGI/Plack | -",
  ], {
    files: { "/lab/page.psgi": PSGI },
  }),
  recipe("ziproxy", "ziproxy", "ziproxy -d -c /lab/ziproxy.conf; exec sleep infinity", [
    "12017 http-proxy/http | ziproxy | {ziproxy}",
  ], { files: { "/lab/ziproxy.conf": 'Port = 12017\nErrorLog = "/tmp/ziproxy.err"\n' } }),
  recipe("mitmproxy", "mitmproxy", "exec mitmdump -p 12018 --set confdir=/lab/mitm", [
    "12018 http-proxy/http | mitmproxy | {mitmproxy}",
  ]),
  recipe("webdis", "webdis", "exec webdis /lab/webdis.json", ["12019 http | Webdis | -"], {
    files: {
      "/lab/webdis.json":
        '{"redis_host":"127.0.0.1","redis_port":6379,"http_host":"0.0.0.0","http_port":12019,"threads":1,"daemonize":false,' +
        '"acl":[{"enabled":["*"]}],"verbosity":1,"logfile":"/tmp/webdis.out"}',
    },
    needs: ["redis"],
  }),
  recipe("civetweb", "civetweb", "exec civetweb -document_root /lab/www -listening_ports 12020", [
    "12020 http | CivetWeb | -",
  ]),
  recipe("websockify", "websockify", "exec websockify 12021 127.0.0.1:1", ["12021 http | WebSockify/Python | -"]),
  recipe("nghttpd", "nghttp2-server", "exec nghttpd --no-tls -d /lab/www 12022", [
    "12022 http/http2 | nghttpd/nghttp2 | -",
  ]),
  recipe("nghttpx", "nghttp2-proxy", "exec nghttpx --conf=/dev/null -f'*,12023;no-tls' -b 127.0.0.1,80 --workers=1", [
    "12023 http | nghttpx | -",
  ]),
  recipe("yaws", "yaws", "yaws --daemon --conf /lab/yaws.conf; exec sleep infinity", ["12024 http | Yaws | {yaws}"], {
    files: {
      "/lab/yaws.conf":
        "logdir = /tmp\nebin_dir = /tmp\n<server lab.test>\n port = 12024\n listen = 0.0.0.0\n docroot = /lab/www\n</server>\n",
    },
  }),
  recipe(
    "mailutils-imap4d",
    "unpack:mailutils-imap4d socat",
    inetd(12103, "/unpacked/mailutils-imap4d/usr/sbin/imap4d --inetd"),
    [
      "12103 imap | GNU Mailutils/Mailutils | -",
    ],
  ),
  recipe(
    "mailutils-pop3d",
    "unpack:mailutils-pop3d socat",
    inetd(12104, "/unpacked/mailutils-pop3d/usr/sbin/pop3d --inetd"),
    [
      "12104 pop3 | GNU Mailutils/Mailutils | -",
    ],
  ),
  recipe("msmtpd", "unpack:msmtp-mta", "exec /unpacked/msmtp-mta/usr/bin/msmtpd --interface=0.0.0.0 --port=12105", [
    "12105 smtp | msmtpd/msmtp | -",
  ]),
  recipe("opendkim", "opendkim", "exec opendkim -f -p inet:12106@0.0.0.0 -b v -u root", [
    "12106 milter | OpenDKIM | -",
  ]),
  recipe("rspamd", "rspamd", "exec rspamd -f -u _rspamd -g _rspamd", [
    "rspamd-worker:11333 http/rspamd | Rspamd | {rspamd}",
    "rspamd-controller:11334 http/rspamd | Rspamd | {rspamd}",
  ]),
  recipe(
    "clamd",
    "clamav-daemon",
    "mkdir -p clamdb; printf 'Lab:0:*:6162636465666768696a6b6c6d6e6f70\\n' > clamdb/lab.ndb; exec clamd -F -c /lab/clamd.conf",
    [
      "3310 clamd | ClamAV | {clamav-daemon}",
    ],
    { files: { "/lab/clamd.conf": "TCPSocket 3310\nDatabaseDirectory /lab/clamdb\nForeground yes\nUser root\n" } },
  ),
  recipe(
    "postsrsd",
    "postsrsd",
    "echo secret > srs.secret; exec postsrsd -4 -f12107 -r12108 -dlab.test -s/lab/srs.secret -unobody",
    [
      "postsrsd-forward:12107 tcpmap/postfix-map | PostSRSd | -",
    ],
  ),
];
