/**
 * Rows of the syntax by which servers name themselves, for servers that no row of a product knows: RFC 9110 10.2.4 for the Server
 * header, the UPnP Device Architecture 1.1.2 where it has three products, RFC 4253 4.2 for the version line of SSH, and the customs of
 * greetings, LSP 3.17 for language servers. They stand on no recording: what they show has
 * the confidence of a protocol without a product.
 *
 * @module
 */

import { readRows } from "./row.ts";

/** Rows that are tried after all others. */
export const SELF_NAMED_ROWS = readRows(
  "self-named",
  String.raw`
self-ssh | ssh.line | ^([A-Za-z]\w*?(?:-[A-Za-z]\w*?){0,3})[_-](?:release_)?[vV]?(\d+(?:\.\d+){0,5}(?:p\d+)?)(?:[^\w.].*|_.*|\.)?$ | $1 | $2 | - | - | -
self-ssh-words | ssh.line | ^([A-Z][a-z]\w*(?: [A-Z]\w*)?)[ /](\d+(?:\.\d+){1,4})(?: .*)?$ | $1 | $2 | - | - | -
self-ssh-bare | ssh.line | ^([A-Za-z][A-Za-z_-]{2,40}) ?$ | $1 | - | - | - | -
self-server-apache | http.server | ^[A-Z][\w.-]*(?:[ /][\w.()-]+){1,6} {1,2}Apache/(\d[\d.]*)(?: .*)?$ | Apache httpd | $1 | a:apache:http_server:$1 | - | -
self-server-upnp | http.server | ^(?:[^()]{1,120}[ ,])?UPnP/\d\.\d,? (?:DLNADOC/\d\.\d+,? )?((?!DLNADOC|UPnP|Unspecified)[A-Za-z][\w.+-]*(?: [A-Za-z][\w.+-]*){0,5}?) ?(?:/([A-Z]?\d[\w./-]*))?$ | $1 | $2 | - | - | -
self-server | http.server | ^(?!(?:C?Python|PHP|Perl|Ruby|Java|Servlet|Linux|Unix|Windows|OpenSSL|Microsoft-HTTPAPI|Unknown|Unspecified|[Ww]eb-?[Ss]erver|[Ss]erver|[Hh]ttpd?|HTTPD?)\b(?![-_ ]\w))(?!.*UPnP/\d\.\d,? \S)([A-Za-z][\w.+$-]*(?: [A-Za-z][\w.+$-]*){0,4})/ ?(?:[vV](?=\d))?([A-Z]?\d[\w.+-]*|svn-\d+)?(?:\([^)]*\))?(?: \([^)]*\)| [\w.+-]+/[\w.+-]+| [\w.-]+(?= \(| [\w.+-]+/|$))*(?: ?\[.*)?$ | $1 | $2 | - | - | -
self-server-words | http.server | ^(?!.*UPnP)([A-Za-z][\w.+-]*(?:\(R\))?(?: [A-Z][\w+-]*){0,5}?)(?: [Vv]ersion)? [vV]?(\d[\w.-]*)(?: [\[(].*| codename .*)?$ | $1 | $2 | - | - | -
self-server-brackets | http.server | ^([A-Za-z][\w.+-]*(?: [A-Z][\w+-]*){0,3})\((\d[\w.-]*)\)$ | $1 | $2 | - | - | -
self-server-bare | http.server | ^(?!(?:[Ww]eb-?[Ss]erver|[Ss]erver|[Hh]ttpd?|HTTPD?|[Ee]mbedded|Un(?:known|specified)|[\da-f]{8}-[\da-f-]{8,})$)([A-Za-z][A-Za-z\d_+-]{2,60}(?:-\d+\w)?)(?: +\([^)]*\))?$ | $1 | - | - | - | -
self-server-bare-words | http.server | ^(?!(?:Embedded |HTTP |Http |Web ){1,3}(?:Web )?[Ss]erver$)([A-Z][\w-]*(?:\(R\))?(?: [A-Z][\w-]*){1,4})$ | $1 | - | - | - | -
self-smtp-brackets | smtp.greeting | ^(?:.{0,200}? )?\((?!Revision|Berkeley)([A-Za-z][\w.-]*(?: [A-Za-z]\w*){0,4}?)(?:\(TM\))?(?: -)?(?: [Vv]ersion:?| Release)? [vV]?(\d+(?:\.\d+){1,5}\w*).*$ | $1 | $2 | - | - | -
self-smtp | smtp.greeting | ^ *(?:[\d.]+ )?(?:\S+ {1,2})?(?:E?SMTP|[Ss]mtp)(?: [Ss]er(?:ver|vice))? (?:- |\(|on )?((?!(?:[Rr]unning|using|is|at|the|[Ss]erver|SERVER|[Ss]ervice|[Rr]eady|READY|[Rr]eceiver|[Mm]ail|MAIL|[Mm]ailer|[Tt]ransfer|[Ss]poken|[Ww]elcome|Hi|Generic|No|NO|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\b)[A-Za-z][\w-]*(?: (?!Ser|Ready|Version|Release|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))[A-Z][a-z]+[A-Za-z]*){0,2})(?: Service)?(?:(?:,? [Vv]ersion:?| Release)? {0,2}[/(\[]?[vV]?(\d+(?:\.\d+){1,5}\w*))?(?![\w,:!]).*$ | $1 | $2 | - | - | -
self-smtp-before | smtp.greeting | ^ *(?:[^\s.]+\.\S+ {1,2})?((?!(?:[Rr]unning|using|is|at|the|[Ss]erver|SERVER|[Ss]ervice|[Rr]eady|READY|[Rr]eceiver|[Mm]ail|MAIL|[Mm]ailer|[Tt]ransfer|[Ss]poken|[Ww]elcome|Hi|Generic|No|NO|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\b)[A-Z][\w-]*(?: (?!(?:[Rr]unning|using|is|at|the|[Ss]erver|SERVER|[Ss]ervice|[Rr]eady|READY|[Rr]eceiver|[Mm]ail|MAIL|[Mm]ailer|[Tt]ransfer|[Ss]poken|[Ww]elcome|Hi|Generic|No|NO|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\b)[A-Z][a-z][\w-]*| [A-Z]-?[a-z]+ ?[A-Z]?[a-z]*){0,3}),?(?: [Vv]ersion:?)?(?: Server)?[ /](?:32 )?\(?[vV]?(\d+(?:\.\d+){1,5}\w*).*$ | $1 | $2 | - | - | -
self-smtp-name | smtp.greeting | ^ *(?:[^\s.]+\.\S+ {1,2}|)((?!(?:[Rr]unning|using|is|at|the|[Ss]erver|SERVER|[Ss]ervice|[Rr]eady|READY|[Rr]eceiver|[Mm]ail|MAIL|[Mm]ailer|[Tt]ransfer|[Ss]poken|[Ww]elcome|Hi|Generic|No|NO|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\b|Windows)[A-Z][a-z]*[A-Z]?\w*) (?:E?SMTP|[Ss]mtp) (?:Server|Service|Receiver|ready|MTA|[vV](?=\d))(?: Version)? ?[vV]?(\d+(?:\.\d+){1,5}\w*)?.*$ | $1 | $2 | - | - | -
self-smtp-only | smtp.greeting | ^ *[^\s.]+\.\S+ ((?!(?:[Rr]unning|using|is|at|the|[Ss]erver|SERVER|[Ss]ervice|[Rr]eady|READY|[Rr]eceiver|[Mm]ail|MAIL|[Mm]ailer|[Tt]ransfer|[Ss]poken|[Ww]elcome|Hi|Generic|No|NO|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))\b)[A-Z][a-z]\w*)(?: ready\.?)? *$ | $1 | - | - | - | -
self-ftp-brackets | ftp.greeting | ^.{0,100}\bFTP [Ss]erver \((?:Version )?((?:[A-Z]\w{0,20}[ /]){0,3}[A-Za-z]{0,20}(?:FTPD?|ftpd?|FTPd)|[A-Za-z]{2,20}(?=-\d)|[A-Z][\w/]*(?: [A-Z][a-z]+)?)(?<!OS|Works|UNIX|UNIX Version|Linux|Windows|Version|Revision)(?: [Vv]ersion)?[ -][vV]?(\d+(?:\.\d+){1,5}\w*|\d{5,8})[^\d].*$ | $1 | $2 | - | - | -
self-ftp-revision | ftp.greeting | ^\S+ FTP [Ss]erver \(Revision [\d.]+ Version ([A-Za-z]{2,20})-(\d+(?:\.\d+){1,5})\b.*$ | $1 | $2 | - | - | -
self-ftp | ftp.greeting | ^(?!.{0,200}?[A-Za-z](?:ftpd?|FTPD?|FTPd)\b.{0,200}?[A-Za-z](?:ftpd?|FTPD?|FTPd)\b)(?:.{0,200}?[^\w-])?((?!FTPD?\b|ftpd?\b)[A-Za-z][A-Za-z_-]*(?:FTPD?|FTPd|ftpd|FTPServer|_FTP))(?![\w])(?: FTP)?(?: [Ss]erver)?,?(?:(?: \S+ \(Version\x20|\x20[Vv]ersion\x20|\x20[vV]?|[-/(])(\d+(?:\.\d+){1,5}\w*(?: beta)?|\d{8}))?(?:[^\w].*)?$ | $1 | $2 | - | - | -
self-ftp-server | ftp.greeting | ^([A-Z][a-z][\w-]*)(?: FTP)?[- ][Ss]erver (?:version )?v?(\d+(?:\.\d+){1,3}\w*(?: beta)?)(?:[^\w].*)?$ | $1 | $2 | - | - | -
self-ftp-version | ftp.greeting | ^([A-Z][a-z][\w-]*) (\d+(?:\.\d+){1,3}[\w-]*) FTP [Ss]erver\b.*$ | $1 | $2 | - | - | -
self-ftp-welcome | ftp.greeting | ^"?Welcome? to (?:the )?([A-Z][\w-]*)(?: FTP| Ftp) [Ss]erver\b.*$ | $1 | - | - | - | -
self-ftp-words | ftp.greeting | ^([A-Z][a-z]\w*(?: [A-Z][\w-]*){0,2}) (?:Secure )?(?:FTP Server|FTP server running\b.*|Ftp)$ | $1 | - | - | - | -
self-osmocom-version | vty.version | ^(Osmo\w+) (\d[\d.]*) ?$ | $1 | $2 | - | - | -
self-osmocom | vty.program | ^(Osmo\w+)$ | $1 | - | - | - | -
self-stomp | stomp.headers | ^(?:.*\n)?server:([A-Za-z][\w-]*)(?:/(\d[\w.]*))?\W.* | $1 | $2 | - | - | -
self-lsp | lsp.server | ^([A-Za-z][\w-]*(?: [\w-]+){0,3}?)(?: v?(\d[\w.]*))?$ | $1 | $2 | - | - | -
self-mariadb | mysql.version | ^(?:5\.(?:5\.5|7\.8)-)?(\d+\.\d+\.\d+)(?!.*[Mm]ax[Ss]cale)(?=.*[-+][Mm]aria(?:DB)?\b).*$ | MariaDB | $1 | a:mariadb:mariadb:$1 | - | -
self-percona | mysql.version | ^(\d+\.\d+\.\d+)\b.*[Pp]ercona.*$ | Percona Server | $1 | a:percona:percona_server:$1 | - | -
self-mysql | mysql.version | ^(\d+\.\d+\.\d+[a-z]?(?:sp\d)?)(?:-?(?:log|debug|nt|max|Max|alpha|beta|gamma|rc|m\d\d?|community|Community|standard|enterprise|commercial|advanced|gpl|pro|classic|cluster|cert|modified|cll|lve|rs|ndb-[\d.]{3,9}))*(?:[-_](?:Debian_|Dotdeb_)?\d*(?:[+~]|\.dotdeb)[\w.~+-]*|[-_](?:\d+ubuntu|Debian|\d{8}_Debian)[\w.~+-]*)?$ | MySQL | $1 | a:oracle:mysql:$1 | - | -
`,
);
