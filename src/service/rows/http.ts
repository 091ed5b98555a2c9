/** Rows of HTTP's headers and pages. */

import { readRows } from "./row.ts";

/** HTTP servers and applications. */
export const HTTP_ROWS = readRows(
  "http",
  String.raw`
http-nginx | http.server | ^nginx(?:/(\d[\d.]*))?$ | nginx | $1 | a:f5:nginx:$1 | - | nginx-http nginx-https nginx-no-tokens
http-apache | http.server | ^Apache(?:/(\d[\d.]*)(?: .*)?| \(.*)?$ | Apache httpd | $1 | a:apache:http_server:$1 | - | apache
http-apache-os | http.server | ^Apache/\S+ \((Debian|Ubuntu|Fedora|CentOS|Unix|Win\w+)\) | - | - | - | info:$1 | apache
http-lighttpd | http.server | ^lighttpd(?:/(\d[\d.]*))?$ | lighttpd | $1 | a:lighttpd:lighttpd:$1 | - | lighttpd
http-mini-httpd | http.server | ^mini_httpd/(\d[\d.]*)(?: (\w+))?$ | mini_httpd | $1 | a:acme:mini_httpd:$1 | info:$2 | mini-httpd
http-micro-httpd | http.server | ^micro_httpd$ | micro_httpd | - | - | - | micro-httpd
http-webfs | http.server | ^webfs/(\d[\d.]*)$ | webfs | $1 | - | - | webfs
http-h2o | http.server | ^h2o/(\d[\d.]*)$ | h2o | $1 | a:dena:h2o:$1 | - | h2o
http-python-simple | http.server | ^SimpleHTTP/(\d[\d.]*) Python/(\d[\w.]*)$ | SimpleHTTPServer | $1 | a:python:python:$2 | info:Python $2 | python-http-server
http-python-bare-error | http.bare-body | ^<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n        <meta charset="utf-8">\n        <title>Error response</title> | - | - | - | info:Python http.server | python-http-server glances
http-webrick | http.server | ^WEBrick/(\d[\d.]*) \(Ruby/(\d[\d.]*)/[\d-]+\) | WEBrick | $1 | a:ruby-lang:webrick:$1 | info:Ruby $2 | webrick
http-gunicorn | http.server | ^gunicorn(?:/(\d[\d.]*))?$ | Gunicorn | $1 | a:gunicorn:gunicorn:$1 | - | gunicorn
http-waitress | http.server | ^waitress$ | Waitress | - | a:agendaless:waitress | - | waitress
http-monit | http.server | ^monit (\d[\d.]*)$ | Monit | $1 | a:mmonit:monit:$1 | - | monit
http-icecast | http.server | ^Icecast (\d[\d.]*)$ | Icecast | $1 | a:xiph:icecast:$1 | - | icecast
http-varnish | http.server | ^Varnish$ | Varnish | - | a:varnish-software:varnish_cache | - | varnish-http
http-groonga | http.server | ^Groonga/(\d[\d.]*)$ | Groonga | $1 | - | - | groonga-http
http-cups | http.server | ^CUPS/(\d[\d.]*)(?: IPP/\S+)?$ | CUPS | $1 | a:openprinting:cups:$1 | service:ipp | cups
http-squid | http.server | ^squid/(\d[\d.]*)$ | Squid | $1 | a:squid-cache:squid:$1 | service:http-proxy | squid
http-tinyproxy | http.server | ^tinyproxy/(\d[\d.]*)$ | tinyproxy | $1 | a:tinyproxy_project:tinyproxy:$1 | service:http-proxy | tinyproxy
http-privoxy-refused | http.status-line | ^HTTP/1\.1 400 Invalid header received from client$ | Privoxy | - | a:privoxy:privoxy | service:http-proxy | privoxy
http-haproxy-400 | http.raw | ^HTTP/1\.[01] 400 Bad request\r\nContent-length: 90\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html><body><h1>400 Bad request</h1> | HAProxy | - | a:haproxy:haproxy | - | haproxy
http-php-cli-host | http.header-names | ^host date connection | PHP cli server | - | a:php:php | - | php-cli
http-tang | http.body | ^\{"payload": ?"[\w-]+", ?"(?:protected|signatures)": | Tang | - | - | - | tang
http-node-bad-request | http.raw | ^HTTP/1\.1 400 Bad Request\r\nConnection: close\r\n\r\n$ | Node.js | - | a:nodejs:node.js | framework | node-http express koa http-server serve json-server ws peer maildev-web node-media-http webdav-server node-red verdaccio vite
http-node-inspector | http.body | ^\{\s*"Browser": ?"node\.js/v(\d[\d.]*)" | Node.js | $1 | a:nodejs:node.js:$1 | info:inspector; framework | node-inspector
http-node-inspector-refused | http.body | ^WebSockets request was expected\r\n | Node.js | - | a:nodejs:node.js | info:inspector; framework | node-inspector
http2-node | http2.settings | ^(?:first|reply) $ | Node.js | - | a:nodejs:node.js | info:HTTP/2 without TLS; framework | node-http2
http-etcd-version | http.body | ^\{"etcdserver":"(\d[\w.]*)","etcdcluster":"[^"]*" | etcd | $1 | a:etcd:etcd:$1 | - | etcd-client etcd-peer
http-etcd-cors | http.access-control-allow-headers | ^accept, content-type, authorization$ | etcd | - | a:etcd:etcd | - | etcd-client
http-nats-varz | http.body | ^\{\s*"server_id": ?"N[A-Z0-9]{55}",\s*"server_name": ?"[^"]*",\s*"version": ?"(\d[\d.]*)" | NATS | $1 | a:nats:nats_server:$1 | info:monitoring | nats-monitor
http-node-exporter | http.title | ^Node Exporter$ | Prometheus Node Exporter | - | - | - | node-exporter
http-snapcast | http.server | ^Snapcast$ | Snapcast | - | - | - | snapserver-http
http-trafficserver | http.server | ^ATS/(\d[\d.]*)$ | Apache Traffic Server | $1 | a:apache:traffic_server:$1 | service:http-proxy | trafficserver
http-radicale | http.location | ^/\.web$ | Radicale | - | a:radicale:radicale | - | radicale
http-virtuoso | http.server | ^Virtuoso/(\d[\d.]*) \((\w+)\) | Virtuoso | $1 | a:openlinksw:virtuoso:$1 | info:$2 | virtuoso-http
http-icinga | http.server | ^Icinga/[rv]?(\d[\d.]*)(?:-\S+)?$ | Icinga | $1 | a:icinga:icinga:$1 | - | icinga2
http-uvicorn | http.server | ^uvicorn$ | Uvicorn | - | a:encode:uvicorn | - | uvicorn
http-thin | http.server | ^thin(?: (\d[\d.]*) .*)?$ | thin | $1 | - | - | thin
http-cherrypy | http.server | ^CherryPy/(\d[\d.]*)$ | CherryPy | $1 | a:cherrypy:cherrypy:$1 | framework | cherrypy
http-aiohttp | http.server | ^Python/(\d[\d.]*) aiohttp/(\d[\d.]*)$ | aiohttp | $2 | a:aiohttp:aiohttp:$2 | info:Python $1 | aiohttp
http-websockify | http.server | ^WebSockify Python/(\d[\d.]*)$ | WebSockify | - | - | info:Python $1 | websockify
http-psgi | http.server | ^HTTP::Server::PSGI$ | HTTP::Server::PSGI | - | - | info:Plack | plackup
http-nghttpx | http.server | ^nghttpx$ | nghttpx | - | a:nghttp2:nghttp2 | - | nghttpx
http-webdis | http.server | ^Webdis$ | Webdis | - | - | - | webdis
http-twistedweb | http.server | ^TwistedWeb/(\d[\d.]*)$ | TwistedWeb | $1 | a:twisted:twisted:$1 | - | twisted-web
http-mojolicious | http.server | ^Mojolicious \(Perl\)$ | Mojolicious | - | a:mojolicious:mojolicious | - | mojolicious
http-mitmproxy | http.server | ^mitmproxy (\d[\d.]*)$ | mitmproxy | $1 | a:mitmproxy:mitmproxy:$1 | service:http-proxy | mitmproxy
http-busybox | http.body | ^<HTML><HEAD><TITLE>400 Bad Request</TITLE></HEAD>\n<BODY><H1>400 Bad Request</H1>\nUnsupported method\n</BODY></HTML>\n$ | BusyBox httpd | - | a:busybox:busybox | - | busybox-httpd
http-minidlna | http.server | ^(\S+) DLNADOC/\S+ UPnP/\S+ MiniDLNA/(\d[\d.]*)$ | MiniDLNA | $2 | a:readymedia_project:readymedia:$2 | info:$1; device:media device | minidlna
http-kea | http.body | ^\[ \{ "arguments": \{ "extended": "(\d[\d.]*)\\n.{1,300}"text": "\1" \} \]$ | Kea Control Agent | $1 | a:isc:kea:$1 | - | kea-ctrl-agent
http-orthanc | http.body | ^\{\n {3}"ApiVersion" : .{1,400}\n {3}"DicomAet" : .{1,600}\n {3}"Version" : "(\d[\d.]*)" | Orthanc | $1 | a:orthanc-server:orthanc:$1 | - | orthanc-http
http-orthanc-location | http.location | ^app/explorer\.html$ | Orthanc | - | a:orthanc-server:orthanc | - | orthanc-http
http-transmission | http.server | ^Transmission$ | Transmission | - | a:transmissionbt:transmission | - | transmission-rpc
http-mercurial | http.status-line | ^HTTP/1\.1 200 Script output follows$ | Mercurial hg serve | - | a:mercurial:mercurial | - | mercurial
http-mopidy | http.location | ^/mopidy/$ | Mopidy | - | - | - | mopidy
http-influxdb | http.x-influxdb-version | ^v?(\d[\w.~]*)$ | InfluxDB | $1 | a:influxdata:influxdb:$1 | - | influxdb
http-victoria-metrics | http.body | ^<h2>Single-node VictoriaMetrics</h2> | VictoriaMetrics | - | a:victoriametrics:victoriametrics | - | victoria-metrics
http-ustreamer | http.body | ^.{1,600}<h3>&micro;Streamer v(\d[\d.]*)</h3> | uStreamer | $1 | - | - | ustreamer
http-janus | http.body | ^\{\s*"janus": "server_info",.*?"version_string": "(\d[\d.]*)" | Janus | $1 | a:meetecho:janus:$1 | - | janus
http-motion | http.title | ^Motion$ | Motion | - | a:motion_project:motion | - | motion-control
http-aria2 | http.body | ^\{"id":"?1"?,"jsonrpc":"2\.0","result":\{"enabledFeatures":.*?"version":"(\d[\d.]*)" | aria2 | $1 | a:aria2_project:aria2:$1 | - | aria2
http-clickhouse | http.x-clickhouse-server-display-name | ^\S+$ | ClickHouse | - | a:clickhouse:clickhouse | - | clickhouse-http
http-rclone | http.server | ^rclone/v(\d[\d.]*) | Rclone | $1 | a:rclone:rclone:$1 | - | rclone-http
http-syncthing | http.x-syncthing-version | ^v(\d[\d.]*) | Syncthing | $1 | a:syncthing:syncthing:$1 | - | syncthing-gui
http-express | http.x-powered-by | ^Express$ | Express | - | a:openjsf:express | framework | express json-server maildev-web peer verdaccio
http-darkstat | http.server | ^darkstat/(\d[\d.]*)$ | darkstat | $1 | - | - | darkstat
http-netdata | http.server | ^Netdata Embedded HTTP Server v(\d[\d.]*)$ | Netdata | $1 | a:netdata:netdata:$1 | - | netdata
http-docker-registry | http.docker-distribution-api-version | ^registry/2\.0$ | Docker Registry | - | a:docker:docker_registry | - | docker-registry
http-prometheus-build | http.body | ^\{"status":"success","data":\{"version":"(\d[\d.]*)[^"]*","revision": | Prometheus | $1 | a:prometheus:prometheus:$1 | - | prometheus
http-prometheus-location | http.location | ^/classic/graph$ | Prometheus | - | a:prometheus:prometheus | - | prometheus
http-pushgateway-title | http.title | ^Prometheus Pushgateway$ | Prometheus Pushgateway | - | - | - | pushgateway
http-pushgateway-build | http.body | ^\{"status":"success","data":\{"build_information":\{.{0,300}?"version":"(\d[\d.]*) | Prometheus Pushgateway | $1 | - | - | pushgateway
http-alertmanager-title | http.title | ^Alertmanager$ | Prometheus Alertmanager | - | - | - | alertmanager
http-alertmanager-build | http.body | ^\{"cluster":\{.*?"versionInfo":\{.{0,300}?"version":"(\d[\d.]*) | Prometheus Alertmanager | $1 | - | - | alertmanager
http-python-base | http.server | ^BaseHTTP/(\d[\d.]*) Python/(\d[\w.]*)$ | BaseHTTPServer | $1 | a:python:python:$2 | info:Python $2; framework | mercurial glances
http-chromedriver | http.body | ^\{"value":\{"error":"unknown command","message":"unknown command: unknown command: ","stacktrace":"#0 0x | ChromeDriver | - | - | - | chromedriver
http-httptunnel | http.raw | ^HTTP/1\.1 200 OK\r\nContent-Length: 102400\r\nConnection: close\r\nPragma: no-cache\r\nCache-Control: no-cache, no-store, must-revalidate\r\nExpires: 0\r\nContent-Type: text/html\r\n | httptunnel | - | - | - | httptunnel
http-jupyter | http.location | ^/tree\?$ | Jupyter Notebook | - | a:jupyter:notebook | - | jupyter
http-fastify | http.body | ^\{"error":"Bad Request","message":"Client Error","statusCode":400\}$ | Fastify | - | a:fastify:fastify | - | fastify
http-xpra | http.status-line | ^HTTP/1\.1 400 Bad request syntax or unsupported method$ | Xpra | - | - | service:xpra | xpra
http-webdav-server | http.server | ^webdav-server/(\d[\d.]*)$ | webdav-server | $1 | - | - | webdav-server
http2-nghttpd | http2.settings | ^first 000300000064$ | nghttpd | - | a:nghttp2:nghttp2 | info:HTTP/2 without TLS | nghttpd
http2-grpc-go | http2.settings | ^first 000500004000$ | - | - | - | service:grpc; info:Go | gobgpd-api
http-cockpit | http.body | ^.{0,1800}url\('/cockpit/static/ | Cockpit | - | a:cockpit-project:cockpit | - | cockpit-ws
http-merecat | http.server | ^merecat/(\d[\w.-]*)$ | Merecat | $1 | - | - | merecat
http-i2pd | http.body | ^host mismatch$ | i2pd | - | a:i2pd:i2pd | - | i2pd-console
http-haproxy-503 | http.body | ^<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request\.\n</body></html>\n$ | HAProxy | - | a:haproxy:haproxy | - | haproxy
http-haproxy-400-body | http.body | ^<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request\.\n</body></html>\n$ | HAProxy | - | a:haproxy:haproxy | - | haproxy
http-peerserver | http.body | ^\{"name":"PeerJS Server","description": | PeerServer | - | - | - | peer
http-json-server | http.title | ^JSON Server$ | json-server | - | - | - | json-server
http-maildev | http.title | ^MailDev(?:\{\{.*)?$ | MailDev | - | a:maildev_project:maildev | - | maildev-web
http-ws | http.raw | ^HTTP/1\.1 426 Upgrade Required\r\nContent-Length: 16\r\nContent-Type: text/plain\r\n | ws | - | a:ws_project:ws | info:WebSocket | ws
http-http-server | http.body | ^<!doctype html>\n<html>\n {2}<head>\n {4}<meta charset="utf-8">\n {4}<meta name="viewport" content="width=device-width">\n {4}<title>Index of | http-server | - | - | - | http-server
http-serve | http.body | ^<!DOCTYPE html><html lang="en"> <head> <meta charset="utf-8"> <meta name="viewport" content="width=device-width, initial-scale=1"> <title>Files within | serve | - | a:vercel:serve | - | serve
http-express-2 | http.x-powered-by | ^HTTP/2 Express \(http2-express\)$ | Express | - | a:openjsf:express | info:http2-express; framework | node-media-http
http-express-error | http.body | ^<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot (?:GET|POST|OPTIONS) / | Express | - | a:openjsf:express | framework | node-media-http express node-red
http-fastify-route | http.body | ^\{"message":"Route [A-Z]+:\S{1,80} not found","error":"Not Found","statusCode":404\}$ | Fastify | - | a:fastify:fastify | - | fastify
http-hapi-url | http.body | ^\{"statusCode":400,"error":"Bad Request","message":"Invalid URL"\}$ | hapi | - | a:hapijs:hapi | - | hapi
http-gunicorn-version | http.body | ^<html>\n {2}<head>\n {4}<title>Bad Request</title>\n {2}</head>\n {2}<body>\n {4}<h1><p>Bad Request</p></h1>\n {4}Invalid HTTP Version | Gunicorn | - | a:gunicorn:gunicorn | - | gunicorn
http-pdns-title | http.title | ^PowerDNS Authoritative Server Monitor$ | PowerDNS Authoritative Server | - | a:powerdns:authoritative | - | pdns-webserver
http-tinyproxy-page | http.body | ^<\?xml version="1\.0" encoding="UTF-8" \?>\n.{1,800}<p><em>Generated by tinyproxy version (\d+\.\d+\.\d+)\.</em> | tinyproxy | $1 | a:tinyproxy_project:tinyproxy:$1 | service:http-proxy | tinyproxy
http-ocserv | http.body | ^<\?xml version="1\.0" encoding="UTF-8"\?>\n<config-auth client="vpn" type="auth-request">\n<version who="sg">0\.1\(1\)</version> | ocserv | - | - | info:AnyConnect VPN | ocserv
http-shellinabox | http.body | ^<\?xml version="1\.0" encoding="utf-8"\?>\n<!DOCTYPE html.{1,500}<!--\n {4}ShellInABox - Make command line applications available as AJAX | Shell In A Box | - | a:shellinabox_project:shellinabox | - | shellinabox
http-civetweb-error | http.body | ^Error 400: Bad Request\n(?:Bad request|Malformed message)$ | CivetWeb | - | a:civetweb_project:civetweb | framework | civetweb orthanc-http
http-fossil-redirect | http.body | ^<html>\n<p>Redirect to Location: http://\S{0,200}index\r\n</p>\n</html>\n$ | Fossil | - | a:fossil-scm:fossil | - | fossil
http-fossil-method | http.body | ^<html><body><p>Bad Request: unsupported HTTP method</p></body></html>\n$ | Fossil | - | a:fossil-scm:fossil | - | fossil
http-uvicorn-error | http.body | ^Invalid HTTP request received\.$ | Uvicorn | - | a:encode:uvicorn | - | uvicorn
http-yaws | http.server | ^Yaws (\d[\d.]*)$ | Yaws | $1 | a:yaws:yaws:$1 | - | yaws
http-ziproxy | http.server | ^ziproxy$ | ziproxy | - | - | service:http-proxy | ziproxy
http-znc | http.server | ^ZNC (\d+\.\d+\.\d+)(\S*) - https://znc\.in$ | ZNC | $1 | a:znc:znc:$1 | info:$2 | znc
http-znc-title | http.title | ^ZNC - Web Frontend$ | ZNC | - | a:znc:znc | - | znc
http-transmission-location | http.location | ^/transmission/web/$ | Transmission | - | a:transmissionbt:transmission | - | transmission-rpc
http-minidlna-title | http.title | ^MiniDLNA (\d[\d.]*)$ | MiniDLNA | $1 | a:readymedia_project:readymedia:$1 | - | minidlna
http-groonga-html | http.body | ^<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4\.01//EN"\n "http://www\.w3\.org/TR/html4/strict\.dtd">\n<html lang="ja">\n.{1,400}<title>Groonga admin</title> | Groonga | - | - | - | groonga-http
http-node-exporter-body | http.body | ^<html>\s+<head><title>Node Exporter</title></head>\s+<body>\s+<h1>Node Exporter</h1> | Prometheus Node Exporter | - | - | - | node-exporter
http-nats-page | http.body | ^<html lang="en">\s+<head>\s+<link rel="shortcut icon" href="https://nats\.io/favicon\.ico"> | NATS | - | a:nats:nats_server | info:monitoring | nats-monitor
http-influxdb-build | http.x-influxdb-build | ^(\w+)$ | - | - | - | info:build $1 | influxdb
http-victoria-hostname | http.x-server-hostname | ^(\S+)$ | - | - | - | hostname:$1 | victoria-metrics
http-dav | http.dav | ^([\d, ]+)$ | - | - | - | info:WebDAV $1 | webdav-server
http-rspamd | http.server | ^rspamd/(\d[\d.]*)$ | Rspamd | $1 | a:rspamd_project:rspamd:$1 | - | rspamd-worker rspamd-controller
http-mopidy-version | http.x-mopidy-version | ^(\d[\d.]*)$ | Mopidy | $1 | - | - | mopidy
http-ola-home | http.body | ^\n<!DOCTYPE html>\n.{1,3000}window\.location= 'ola\.html'; | OLA | - | - | info:Open Lighting Architecture | olad-http
http-ola-stats | http.body | ^\{\s{1,4}"broadcast": "[^"]*",\s{1,4}"config_dir": "[^"]*",\s{1,4}"hostname": .{1,400}"up_since": "[^"]*",\s{1,4}"version": "(\d[\d.]*)"\s | OLA | $1 | - | info:Open Lighting Architecture | olad-http
http-puma-coding | http.coding | ^HTTP/1\.1 501 Not Implemented\r\n\r\n$ | Puma | - | a:puma:puma | - | puma
http-unicorn-fragment | http.fragment | ^HTTP/1\.1 414 URI Too Long\r\n\r\n$ | unicorn | - | - | - | unicorn
http-hapi-missing | http.raw | ^HTTP/1\.1 404 Not Found\r\ncontent-type: application/json; charset=utf-8\r\ncache-control: no-cache\r\ncontent-length: 60\r\nDate: [^\r]+\r\nConnection: close\r\n\r\n\{"statusCode":404,"error":"Not Found","message":"Not Found"\}$ | hapi | - | a:hapijs:hapi | - | hapi
http-civetweb-missing | http.raw | ^HTTP/1\.[01] 404 Not Found\r\nCache-Control: no-cache, no-store, must-revalidate, private, max-age=0\r\n.{1,400}\r\n\r\nError 404: Not Found\nNot found$ | CivetWeb | - | a:civetweb_project:civetweb | - | civetweb
`,
);
