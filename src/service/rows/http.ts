/** Rows of HTTP's headers and pages. */

import { readRows } from "./row.ts";

/** HTTP servers and applications. */
export const HTTP_ROWS = readRows(
  "http",
  String.raw`
http-nginx | http.server | ^nginx(?:/(\d[\d.]*))?$ | nginx | $1 | a:f5:nginx:$1 | - | nginx-http nginx-https nginx-no-tokens
http-apache | http.server | ^Apache(?:/(\d[\d.]*))?(?: \(\w+\))?(?: .*)?$ | Apache httpd | $1 | a:apache:http_server:$1 | - | apache
http-apache-os | http.server | ^Apache/\S+ \((Debian|Ubuntu|Fedora|CentOS|Unix|Win\w+)\) | - | - | - | info:$1 | apache
http-lighttpd | http.server | ^lighttpd(?:/(\d[\d.]*))?$ | lighttpd | $1 | a:lighttpd:lighttpd:$1 | - | lighttpd
http-mini-httpd | http.server | ^mini_httpd/(\d[\d.]*)(?: (\w+))?$ | mini_httpd | $1 | a:acme:mini_httpd:$1 | info:$2 | mini-httpd
http-micro-httpd | http.server | ^micro_httpd$ | micro_httpd | - | - | - | micro-httpd
http-webfs | http.server | ^webfs/(\d[\d.]*)$ | webfs | $1 | - | - | webfs
http-h2o | http.server | ^h2o/(\d[\d.]*)$ | h2o | $1 | a:h2o_project:h2o:$1 | - | h2o
http-python-simple | http.server | ^SimpleHTTP/(\d[\d.]*) Python/(\d[\w.]*)$ | SimpleHTTPServer | $1 | a:python:python:$2 | info:Python $2 | python-http-server
http-python-base | http.server | ^BaseHTTP/(\d[\d.]*) Python/(\d[\w.]*)$ | BaseHTTPServer | $1 | a:python:python:$2 | info:Python $2; framework | python-http-server
http-python-bare-error | http.bare-body | ^<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n        <meta charset="utf-8">\n        <title>Error response</title> | Python http.server | - | - | - | python-http-server
http-webrick | http.server | ^WEBrick/(\d[\d.]*) \(Ruby/(\d[\d.]*)/[\d-]+\) | WEBrick | $1 | a:ruby-lang:webrick:$1 | info:Ruby $2 | webrick
http-gunicorn | http.server | ^gunicorn(?:/(\d[\d.]*))?$ | Gunicorn | $1 | a:gunicorn:gunicorn:$1 | - | gunicorn
http-waitress | http.server | ^waitress$ | Waitress | - | a:agendaless:waitress | - | waitress
http-monit | http.server | ^monit (\d[\d.]*)$ | Monit | $1 | - | - | monit
http-icecast | http.server | ^Icecast (\d[\d.]*)$ | Icecast | $1 | a:xiph:icecast:$1 | - | icecast
http-varnish | http.server | ^Varnish$ | Varnish | - | a:varnish-software:varnish_cache | - | varnish-http
http-groonga | http.server | ^Groonga/(\d[\d.]*)$ | Groonga | $1 | - | - | groonga-http
http-cups | http.server | ^CUPS/(\d[\d.]*)(?: IPP/\S+)?$ | CUPS | $1 | a:apple:cups:$1 | service:ipp | cups
http-squid | http.server | ^squid/(\d[\d.]*)$ | Squid | $1 | a:squid-cache:squid:$1 | service:http-proxy | squid
http-tinyproxy | http.server | ^tinyproxy/(\d[\d.]*)$ | tinyproxy | $1 | a:tinyproxy_project:tinyproxy:$1 | service:http-proxy | tinyproxy
http-privoxy-refused | http.status-line | ^HTTP/1\.1 400 Invalid header received from client$ | Privoxy | - | a:privoxy:privoxy | service:http-proxy | privoxy
http-haproxy-400 | http.raw | ^HTTP/1\.[01] 400 Bad request\r\nContent-length: 90\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html><body><h1>400 Bad request</h1> | HAProxy | - | a:haproxy:haproxy | - | haproxy
http-haproxy-503 | http.raw | ^HTTP/1\.[01] 503 Service Unavailable\r\n(?:Content-length: 107\r\n)?Cache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html><body><h1>503 Service Unavailable</h1>\nNo server is available | HAProxy | - | a:haproxy:haproxy | - | haproxy
http-php-cli-host | http.header-names | ^host date connection | PHP cli server | - | a:php:php | - | php-cli
http-php-version | http.x-powered-by | ^PHP/(\d[\d.]*)(\S*)$ | PHP | $1 | a:php:php:$1 | framework | php-cli
http-tang | http.body | ^\{"payload": ?"[\w-]+", ?"(?:protected|signatures)": | Tang | - | - | - | tang
http-node-bad-request | http.raw | ^HTTP/1\.1 400 Bad Request\r\nConnection: close\r\n\r\n$ | Node.js | - | a:nodejs:node.js | framework | node-http
http-node-inspector | http.body | ^\{\s*"Browser": ?"node\.js/v(\d[\d.]*)" | Node.js | $1 | a:nodejs:node.js:$1 | info:inspector; framework | node-inspector
http-node-inspector-refused | http.body | ^WebSockets request was expected\r\n | Node.js | - | a:nodejs:node.js | info:inspector; framework | node-inspector
http2-node | http2.settings | ^first $ | Node.js | - | a:nodejs:node.js | info:HTTP/2 without TLS; framework | node-http2
http-etcd-version | http.body | ^\{"etcdserver":"(\d[\w.]*)","etcdcluster":"[^"]*" | etcd | $1 | a:etcd:etcd:$1 | - | etcd-client etcd-peer
http-etcd-cors | http.access-control-allow-headers | ^accept, content-type, authorization$ | etcd | - | a:etcd:etcd | - | etcd-client
http-nats-varz | http.body | ^\{\s*"server_id": ?"N[A-Z0-9]{55}",\s*"server_name": ?"[^"]*",\s*"version": ?"(\d[\d.]*)" | NATS | $1 | a:nats:nats_server:$1 | info:monitoring | nats-monitor
http-node-exporter | http.title | ^Node Exporter$ | Prometheus Node Exporter | - | - | - | node-exporter
http-snapcast | http.server | ^Snapcast$ | Snapcast | - | - | - | snapserver-http
`,
);
