/** Rows of errors and help texts: they name a server whose greeting was not seen, or was changed. */

import { readRows } from "./row.ts";

/** Errors and help texts. */
export const ERROR_ROWS = readRows(
  "errors",
  String.raw`
text-proftpd-creative | text.reply | ^500 Invalid command: try being more creative\r\n | ProFTPD | - | a:proftpd:proftpd | service:ftp | proftpd
text-proftpd-understood | text.reply | ^500 [A-Z0-9*$,]{1,40} not understood\r\n | ProFTPD | - | a:proftpd:proftpd | service:ftp | proftpd
text-proftpd-help | text.reply | ^214-The following commands are recognized \(\* =>'s unimplemented\):\r\n | ProFTPD | - | a:proftpd:proftpd | service:ftp | proftpd
text-pure-ftpd-site | text.reply | ^214-The following SITE commands are recognized\r\n ALIAS\r\n CHMOD\r\n | Pure-FTPd | - | a:pureftpd:pure-ftpd | service:ftp | pure-ftpd
text-pure-ftpd-http | text.reply | ^500 HTTP command: \[ | Pure-FTPd | - | a:pureftpd:pure-ftpd | service:ftp | pure-ftpd
ftp-pure-ftpd-login | ftp.greeting | ^You aren't logged in(?:\n|$) | Pure-FTPd | - | a:pureftpd:pure-ftpd | - | pure-ftpd
ftp-vsftpd-login | ftp.greeting | ^Please login with USER and PASS\. | - | - | - | info:login required | vsftpd
text-pyftpdlib | text.reply | ^500 Command "[^"\r\n]*" not understood\.\r\n | pyftpdlib | - | - | service:ftp | pyftpdlib
text-pyftpdlib-help | text.reply | ^214-The following commands are recognized:\r\n ABOR {3}ALLO {3}APPE {3}CDUP | pyftpdlib | - | - | service:ftp | pyftpdlib
text-postfix-rules | text.reply | ^221 2\.7\.0 Error: I can break rules, too\. Goodbye\.\r\n | Postfix | - | a:postfix:postfix | service:smtp | postfix
text-postfix-syntax | text.reply | ^500 5\.5\.2 Error: (?:bad syntax|bad UTF-8 syntax|command not recognized)\r\n | Postfix | - | a:postfix:postfix | service:smtp | postfix
text-exim-command | text.reply | ^500 unrecognized command\r\n | Exim | - | a:exim:exim | service:smtp | exim
text-exim-help | text.reply | ^214-Commands supported:\r\n214 (?:[A-Z]+ ?){4,20}\r\n | Exim | - | a:exim:exim | service:smtp | exim
text-aiosmtpd-command | text.reply | ^500 Error: command "[^\r\n]*" not recognized\r\n | aiosmtpd | - | - | service:smtp | aiosmtpd
text-aiosmtpd-syntax | text.reply | ^500 Error: bad syntax\r\n | aiosmtpd | - | - | service:smtp | aiosmtpd
text-aiosmtpd-help | text.reply | ^250 Supported commands: AUTH DATA EHLO HELO HELP MAIL | aiosmtpd | - | - | service:smtp | aiosmtpd
text-dovecot-imap | text.reply | ^\S{1,40} BAD Error in IMAP command received by server\.\r\n | Dovecot | - | a:dovecot:dovecot | service:imap | dovecot-imap
imap-dovecot-invalid | imap.greeting | ^Too many invalid IMAP commands\.$ | Dovecot | - | a:dovecot:dovecot | - | dovecot-imap
text-dovecot-sieve | text.reply | ^NO "Error in MANAGESIEVE command received by server\."\r\n | Dovecot | - | a:dovecot:dovecot | service:sieve; info:Pigeonhole | dovecot-sieve
text-pop3-command | text.reply | ^-ERR Unknown command\.\r\n | - | - | - | service:pop3 | dovecot-pop3
text-openssh | text.reply | ^Invalid SSH identification string\.\r\n | OpenSSH | - | a:openbsd:openssh | service:ssh | openssh
text-rsync | text.reply | ^@ERROR: protocol startup error\n | - | - | - | service:rsync | rsync
text-nats | text.reply | ^-ERR 'Unknown Protocol Operation'\r\n | NATS | - | a:nats:nats_server | service:nats | nats-client
text-varnish-cli | text.reply | ^101 \d+ +\nUnknown request\.\nType 'help' for more info\.\n | Varnish | - | a:varnish-software:varnish_cache | service:varnish-cli | varnish-cli
text-tarantool | text.reply | ^---\n- error: '\[string " | Tarantool | - | a:tarantool:tarantool | service:tarantool; info:Lua console | tarantool-console
text-munin | text.reply | ^# Unknown command\. Try cap, list, nodes, config, fetch, version or quit\n | Munin | - | a:munin-monitoring:munin | service:munin | munin-node
text-dictd | text.reply | ^500 unknown command\r\n | - | - | - | service:dict | dictd
mysql-mariadb-proxy | mysql.error | ^#HY000Proxy header is not accepted from | MariaDB | - | a:mariadb:mariadb | - | mariadb
gearman-error | gearman.text | ^ERR UNKNOWN_COMMAND Unknown\+server\+command | Gearman | - | - | - | gearmand
beanstalkd-error | beanstalkd.text | ^UNKNOWN_COMMAND\r\n | beanstalkd | - | - | - | beanstalkd
nut-error | nut.error | ^(?:UNKNOWN-COMMAND|INVALID-ARGUMENT)$ | Network UPS Tools | - | a:networkupstools:nut | - | nut-upsd
nut-help | nut.text | ^Commands: HELP VER GET LIST | Network UPS Tools | - | a:networkupstools:nut | - | nut-upsd
rrdcached-error | rrdcached.text | ^-1 Unknown command: | rrdcached | - | - | info:RRDtool | rrdcached
memcached-stats | memcached.stats | ^(\d+\.\d+\.\d+)$ | Memcached | $1 | a:memcached:memcached:$1 | - | memcached
http-nginx-page | http.body | ^<html>\r\n<head><title>[^<]{1,80}</title></head>\r\n<body>\r\n.{1,200}<hr><center>nginx(?:/(\d[\d.]*))?</center>\r\n | nginx | $1 | a:f5:nginx:$1 | - | nginx-http nginx-https nginx-no-tokens
http-micro-httpd-page | http.body | ^.{1,1000}<a href="http://www\.acme\.com/software/micro_httpd/">micro_httpd</a> | micro_httpd | - | - | - | micro-httpd
http-mini-httpd-page | http.body | ^.{1,1000}<a href="http://www\.acme\.com/software/mini_httpd/">mini_httpd/(\d[\d.]*) | mini_httpd | $1 | a:acme:mini_httpd:$1 | - | mini-httpd
http-monit-page | http.body | ^.{1,400}<a href='http://mmonit\.com/monit/'><font size=-1>monit (\d[\d.]*)</font> | Monit | $1 | a:mmonit:monit:$1 | - | monit
http-squid-page | http.body | ^<!DOCTYPE html.{1,100}<meta type="copyright" content="Copyright \(C\) 1996-20\d\d The Squid Software Foundation | Squid | - | a:squid-cache:squid | service:http-proxy | squid
http-squid-via | http.via | ^1\.[01] \S+ \(squid/(\d[\d.]*)\)$ | Squid | $1 | a:squid-cache:squid:$1 | service:http-proxy | squid
http-varnish-via | http.via | ^1\.[01] \S+ \(Varnish/(\d[\d.]*)\)$ | Varnish | $1 | a:varnish-software:varnish_cache:$1 | - | varnish-http
http-varnish-page | http.body | ^<!DOCTYPE html>\n<html>\n {2}<head>\n {4}<title>5\d\d [^<]+</title>.{1,400}<p>Varnish cache server</p> | Varnish | - | a:varnish-software:varnish_cache | - | varnish-http
http-webfs-plonk | http.body | ^\*PLONK\*\n$ | webfs | - | - | - | webfs
http-gunicorn-page | http.body | ^<html>\n {2}<head>\n {4}<title>Bad Request</title>\n {2}</head>\n {2}<body>\n {4}<h1><p>Bad Request</p></h1>\n {4}Invalid Request Line | Gunicorn | - | a:gunicorn:gunicorn | - | gunicorn
http-h2o-400 | http.raw | ^HTTP/1\.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: 11\r\n\r\nBad Request$ | h2o | - | a:dena:h2o | - | h2o
http-go-400 | http.raw | ^HTTP/1\.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request$ | - | - | - | info:Go net/http | etcd-peer nats-monitor node-exporter
http-groonga-title | http.title | ^Groonga admin$ | Groonga | - | - | - | groonga-http
snapcast-parse-error | json-rpc.error | ^\{"error":\{"code":-32700,"data":"\[json\.exception\.parse_error | - | - | - | info:nlohmann JSON | snapserver-rpc
text-dictd-help | text.reply | ^113 help text follows\r\nDEFINE database word {9}-- look up word in database | dictd | - | - | service:dict | dictd
text-dictd-status | text.reply | ^210 status \[d/m/c = \d+/\d+/\d+; | dictd | - | - | service:dict | dictd
text-ftp-srv | text.reply | ^502 Command not allowed: \S | ftp-srv | - | - | service:ftp | ftp-srv
text-ftp-srv-help | text.reply | ^211-Supported commands:\r\n211-ABOR\tALLO\tAPPE\tAUTH | ftp-srv | - | - | service:ftp | ftp-srv
text-lirc-version | text.reply | ^BEGIN\nversion\r?\nSUCCESS\nDATA\n1\n(\d[\d.]*)\nEND\n | LIRC | $1 | - | service:lirc | lircd
text-nodemailer-http | text.reply | ^421 HTTP requests not allowed\r\n | nodemailer smtp-server | - | a:nodemailer:nodemailer | service:smtp; framework | smtp-server maildev-smtp
text-nodemailer-help | text.reply | ^214 See https://tools\.ietf\.org/html/rfc5321 for details\r\n | nodemailer smtp-server | - | a:nodemailer:nodemailer | service:smtp; framework | smtp-server maildev-smtp
text-nodemailer-command | text.reply | ^500 Error: command not recognized\r\n | nodemailer smtp-server | - | a:nodemailer:nodemailer | service:smtp; framework | smtp-server maildev-smtp
text-mpd-ack | text.reply | ^ACK \[5@0\] \{\} (?:unknown command|Invalid word) | Music Player Daemon | - | a:musicpd:music_player_demon | service:mpd | mpd
text-mpd-status | text.reply | ^repeat: [01]\nrandom: [01]\nsingle: \S+\nconsume: | Music Player Daemon | - | a:musicpd:music_player_demon | service:mpd | mpd
text-qemu-monitor | text.reply | ^\r\n\(qemu\) | QEMU | - | a:qemu:qemu | service:qemu-monitor | qemu-monitor
text-qmp | text.reply | ^\{"error": \{"class": "GenericError", "desc": "(?:JSON parse error|QMP input must be a JSON object) | QEMU | - | a:qemu:qemu | service:qmp | qemu-qmp
text-rrdcached-stats | text.reply | ^\d+ Statistics follow\nQueueLength: | rrdcached | - | - | service:rrdcached; info:RRDtool | rrdcached
text-tetrinetx | text.reply | ^(\d+\.\d+\.\d+)\+qirc-[^\n]{1,60}\n\+OK\n | tetrinetx | $1 | - | service:tetrinet | tetrinetx-game
text-nuttcp | text.reply | ^KO\nnuttcp-t: v(\d[\d.]*): | nuttcp | $1 | - | service:nuttcp | nuttcp
text-ftp-bsd | text.reply | ^500 '[^'\r\n]{0,80}': command not recognized\r\n | - | - | - | service:ftp; info:BSD ftpd | inetutils-ftpd
text-ftp-bsd-help | text.reply | ^214- The following commands are recognized \(\* =>'s unimplemented\) | - | - | - | service:ftp; info:BSD ftpd | inetutils-ftpd
text-pop3-invalid | text.reply | ^-ERR Invalid command\r\n | - | - | - | service:pop3 | mailutils-pop3d
text-mailutils-imap | text.reply | ^\S{1,40} BAD {2}(?:Invalid|Null|Missing) command\r\n | GNU Mailutils | - | a:gnu:mailutils | service:imap | mailutils-imap4d
text-msmtpd | text.reply | ^500 Expected EHLO or HELO\r\n | msmtpd | - | a:marlam:msmtp | service:smtp | msmtpd
text-cfingerd-user | text.reply | ^Illegal character in username\.\n$ | cfingerd | - | - | service:finger | cfingerd
text-cfingerd-none | text.reply | ^\n[^\n]{1,100}\n\n {1,40}There is no such user\.\n | cfingerd | - | - | service:finger | cfingerd
text-cfingerd-version | text.reply | ^\nThis site is running the Configurable Finger-Query Daemon version (\d[\d.]*), | cfingerd | $1 | - | service:finger | cfingerd
text-clamd | text.reply | ^UNKNOWN COMMAND\n$ | ClamAV | - | a:clamav:clamav | service:clamd | clamd
text-monopd | text.reply | ^<monopd><msg type="error" value=" | monopd | - | - | service:monopd | monopd
text-civetweb | text.reply | ^HTTP/(?:RTSP/1\.0|SIP/2\.0) 400 Bad Request\r\nCache-Control: no-cache, no-store, must-revalidate, private, max-age=0\r\n | CivetWeb | - | a:civetweb_project:civetweb | service:http; framework | civetweb orthanc-http
smtp-clamsmtpd | smtp.greeting | ^smtp\.passthru$ | clamsmtpd | - | - | - | clamsmtpd
lldb-features | gdb.features | ^PacketSize=131072;QStartNoAckMode\+;qEcho\+;native-signals\+ | LLDB | - | - | service:lldb | lldb-server
sam-version | i2p-sam.text | ^HELLO REPLY RESULT=OK VERSION=(\d[\d.]*)\n | - | - | - | info:version $1 | i2pd-sam
cockpit-cookie | http.cookies | ^cockpit$ | Cockpit | - | a:cockpit-project:cockpit | - | cockpit-ws
page-merecat-bare | http.bare-body | ^<!DOCTYPE html>\n<html>\n <head>\n {2}<title>\d{3} [\w ]+</title>\n {2}<link rel="icon" type="image/x-icon" href="/icons/favicon\.ico"> | Merecat | - | - | - | merecat
`,
);
