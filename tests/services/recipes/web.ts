/** Recipes of web servers and HTTP proxies. */

import { type Recipe, recipe } from "../recipe.ts";

const APACHE = `LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
ServerRoot /lab
ServerName lab.test
Listen 8080
DocumentRoot /lab/www
ErrorLog /lab/apache.log
PidFile /lab/apache.pid
<Directory /lab/www>
Require all granted
</Directory>
DirectoryIndex index.html
`;
const NGINX = `daemon off;
events {}
http {
  server { listen 80; root /lab/www; }
  server { listen 443 ssl http2; ssl_certificate /lab/cert.pem; ssl_certificate_key /lab/key.pem; root /lab/www; }
  server { listen 8443 ssl; server_tokens off; ssl_certificate /lab/cert.pem; ssl_certificate_key /lab/key.pem; root /lab/www; }
}
`;
const HAPROXY = `defaults
  mode http
  timeout client 30s
  timeout connect 5s
  timeout server 30s
frontend f
  bind :8082
  default_backend b
backend b
  server s 127.0.0.1:1
`;
const LIGHTTPD = `server.document-root = "/lab/www"
server.port = 8081
index-file.names = ("index.html")
`;
const H2O = `listen: {host: 0.0.0.0, port: 8086}
hosts:
  default:
    paths:
      /:
        file.dir: /lab/www
`;
const WSGI = `def app(environ, start):
    start("200 OK", [("Content-Type", "text/html")])
    return [b"<title>Lab</title>ok"]
`;

export const WEB: readonly Recipe[] = [
  recipe("nginx", "nginx-light", "exec nginx -c /lab/nginx.conf", [
    "nginx-http:80 http | nginx | {nginx-light}",
    "nginx-https:443 http | nginx | {nginx-light}",
    "nginx-no-tokens:8443 http | nginx | -",
  ], { files: { "/lab/nginx.conf": NGINX } }),
  recipe(
    "apache",
    "apache2",
    "exec apache2 -f /lab/apache.conf -DFOREGROUND",
    ["8080 http | Apache httpd | {apache2}"],
    {
      files: { "/lab/apache.conf": APACHE },
    },
  ),
  recipe("lighttpd", "lighttpd", "exec lighttpd -D -f /lab/lighttpd.conf", ["8081 http | lighttpd | {lighttpd}"], {
    files: { "/lab/lighttpd.conf": LIGHTTPD },
  }),
  recipe("haproxy", "haproxy", "exec haproxy -db -f /lab/haproxy.cfg", ["8082 http | HAProxy | -"], {
    files: { "/lab/haproxy.cfg": HAPROXY },
  }),
  recipe("mini-httpd", "mini-httpd", "exec mini_httpd -D -p 8083 -d /lab/www", [
    "8083 http | mini_httpd | {mini-httpd}",
  ]),
  recipe("webfs", "webfs", "exec webfsd -F -p 8084 -r /lab/www", ["8084 http | webfs | {webfs}"]),
  recipe("micro-httpd", "micro-httpd socat", 'exec socat TCP-LISTEN:8085,fork,reuseaddr EXEC:"micro-httpd /lab/www"', [
    "8085 http | micro_httpd | -",
  ]),
  recipe("h2o", "h2o", "exec h2o -c /lab/h2o.conf", ["8086 http | h2o | 2.2.5"], { files: { "/lab/h2o.conf": H2O } }),
  recipe("python-http-server", "python3", "exec python3 -m http.server 8087 -d /lab/www", [
    "8087 http | SimpleHTTPServer/SimpleHTTP/Python | 0.6/3.11.2",
  ]),
  recipe(
    "webrick",
    "ruby ruby-webrick",
    'exec ruby -rwebrick -e "WEBrick::HTTPServer.new(Port:12392,DocumentRoot:%q(/lab/www)).start"',
    ["12392 http | WEBrick | {ruby-webrick}"],
  ),
  recipe("gunicorn", "gunicorn", "exec gunicorn -b 0.0.0.0:8089 -w 1 --pythonpath /lab wsgi_page:app", [
    "8089 http | Gunicorn | -",
  ], { files: { "/lab/wsgi_page.py": WSGI } }),
  recipe("waitress", "python3-waitress", "exec python3 -m waitress --listen=0.0.0.0:8090 wsgi_page:app", [
    "8090 http | Waitress | -",
  ], { files: { "/lab/wsgi_page.py": WSGI } }),
  recipe("php-cli", "php8.2-cli", "exec php -S 0.0.0.0:8091 -t /lab/www", ["8091 http | PHP cli server/PHP | -"]),
  recipe("php-fpm", "php8.2-fpm", "mkdir -p /run/php; exec php-fpm8.2 -F -y /lab/fpm.conf", [
    "9000 fastcgi | PHP-FPM/PHP | -",
  ], {
    files: {
      "/lab/fpm.conf":
        "[global]\nerror_log=/lab/fpm.log\n[w]\nuser=nobody\nlisten=9000\npm=static\npm.max_children=2\n",
    },
  }),
  recipe(
    "uwsgi",
    "uwsgi-core uwsgi-plugin-python3",
    "exec uwsgi --plugin python3 --http-socket :8092 --wsgi-file wsgi_page.py --callable app --socket :8093 --master",
    ["uwsgi-http:8092 http | uWSGI | -", "uwsgi:8093 uwsgi | uWSGI | -"],
    { files: { "/lab/wsgi_page.py": WSGI } },
  ),
  recipe(
    "tang",
    "tang socat",
    'mkdir -p tang; exec socat TCP-LISTEN:8095,fork,reuseaddr EXEC:"/usr/libexec/tangd /lab/tang"',
    [
      "8095 http | Tang | -",
    ],
  ),
  recipe("varnish", "varnish", "exec varnishd -F -a :6081 -T :6082 -b 127.0.0.1:1 -n /lab/varnish -s malloc,8m", [
    "varnish-http:6081 http | Varnish | -",
    "varnish-cli:6082 varnish-cli/varnish | Varnish | -",
  ]),
  recipe(
    "squid",
    "squid",
    "chmod 777 .; exec squid -N -f /lab/squid.conf",
    ["3128 http-proxy/http | Squid | {squid}"],
    {
      files: {
        "/lab/squid.conf": "http_port 3128\nhttp_access deny all\ncache_mem 4 MB\npid_filename none\n" +
          "cache_log /dev/null\naccess_log none\nvisible_hostname lab.test\n",
      },
    },
  ),
  recipe("tinyproxy", "tinyproxy", "exec tinyproxy -d -c /lab/tinyproxy.conf", [
    "8888 http-proxy/http | tinyproxy | {tinyproxy}",
  ], {
    files: {
      "/lab/tinyproxy.conf": "Port 8888\nTimeout 600\nMaxClients 10\nStartServers 1\nAllow 10.255.0.1\n",
    },
  }),
  recipe("privoxy", "privoxy", "exec privoxy --no-daemon /lab/privoxy.conf", ["8118 http-proxy/http | Privoxy | -"], {
    files: { "/lab/privoxy.conf": "listen-address :8118\nconfdir /etc/privoxy\nlogdir /lab\n" },
  }),
];
