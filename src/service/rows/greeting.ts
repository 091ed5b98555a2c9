/** Rows of greetings: FTP, mail, news, chat. */

import { readRows } from "./row.ts";

/** Servers that greet with a line of text. */
export const GREETING_ROWS = readRows(
  "greetings",
  String.raw`
ftp-proftpd | ftp.greeting | ^ProFTPD (?:(\d[\w.]*) )?Server \(([^)]*)\) \[ | ProFTPD | $1 | a:proftpd:proftpd:$1 | info:$2 | proftpd
ftp-vsftpd | ftp.greeting | ^\(vsFTPd (\d[\d.]*)\)$ | vsftpd | $1 | a:vsftpd_project:vsftpd:$1 | - | vsftpd
ftp-pure-ftpd | ftp.greeting | ^-{5,20} Welcome to Pure-FTPd [^-]{0,60}-{5,20} | Pure-FTPd | - | a:pureftpd:pure-ftpd | - | pure-ftpd
ftp-pyftpdlib | ftp.greeting | ^pyftpdlib (\d[\d.]*) (?:based )?ready\.$ | pyftpdlib | $1 | - | - | pyftpdlib
smtp-postfix | smtp.greeting | ^\S+ ESMTP Postfix(?: \(([^)]+)\))?$ | Postfix | - | a:postfix:postfix | info:$1 | postfix
smtp-exim | smtp.greeting | ^\S+ ESMTP Exim (\d[\d.]*)(?:_\w+)? | Exim | $1 | a:exim:exim:$1 | - | exim
smtp-aiosmtpd | smtp.greeting | ^\S+ Python SMTP (\d[\d.]*)$ | aiosmtpd | $1 | - | - | aiosmtpd
pop3-dovecot | pop3.greeting | ^Dovecot(?: \(([^)]+)\))? ready\. | Dovecot | - | a:dovecot:dovecot | info:$1 | dovecot-pop3 dovecot-pop3s
imap-dovecot | imap.greeting | ^Dovecot(?: \(([^)]+)\))? ready\. | Dovecot | - | a:dovecot:dovecot | info:$1 | dovecot-imap dovecot-imaps
sieve-pigeonhole | sieve.implementation | ^Dovecot(?: \(([^)]+)\))? Pigeonhole$ | Dovecot | - | a:dovecot:dovecot | info:Pigeonhole $1 | dovecot-sieve
nntp-leafnode-refused | nntp.greeting | ^Leafnode must have a unique fully-qualified domain name | Leafnode | - | a:leafnode:leafnode | info:not set up | leafnode
irc-ngircd-http | irc.error | ^"Oops, HTTP request received\? This is IRC!"$ | ngircd | - | a:barton:ngircd | - | ngircd
irc-bitlbee | irc.notice | ^BitlBee-IRCd initialized, please go on$ | BitlBee | - | a:bitlbee:bitlbee | - | bitlbee
smtp-nodemailer-hello | smtp.hello | ^\S+ Nice to meet you, | nodemailer smtp-server | - | a:nodemailer:nodemailer | framework | smtp-server maildev-smtp
ftp-srv | ftp.help | ^Supported commands:\nABOR\tALLO | ftp-srv | - | - | - | ftp-srv
smtp-msmtpd | smtp.greeting | ^\S+ ESMTP msmtpd$ | msmtpd | - | a:marlam:msmtp | - | msmtpd
pop3-mailutils | pop3.greeting | ^POP3 Ready <\d+\.\d+@\S+>$ | GNU Mailutils | - | a:gnu:mailutils | - | mailutils-pop3d
imap-hoodiecrow | imap.greeting | ^Hoodiecrow ready for rumble$ | Hoodiecrow | - | - | - | hoodiecrow
imap-mailutils | imap.greeting | ^IMAP4rev1$ | GNU Mailutils | - | a:gnu:mailutils | - | mailutils-imap4d
ftp-inetutils | ftp.greeting | ^\S+ FTP server \(GNU inetutils (\d[\d.]*)\) ready\.$ | GNU inetutils ftpd | $1 | a:gnu:inetutils:$1 | - | inetutils-ftpd
irc-inspircd | irc.numeric | ^4(?:51|61) [A-Z]{1,20} :(?:You have not registered|Not enough parameters)\.$ | InspIRCd | - | a:inspircd:inspircd | - | inspircd
irc-hybrid | irc.texts | ^\S+ NOTICE \* :\*\*\* Looking up your hostname\n\S+ NOTICE \* :\*\*\* Checking Ident\n\S+ NOTICE \* :\*\*\* (?:No|Got) Ident response(?:\n|$) | ircd-hybrid | - | a:ircd-hybrid:ircd-hybrid | - | ircd-hybrid
irc-bitlbee-451 | irc.numeric | ^451 Register first$ | BitlBee | - | a:bitlbee:bitlbee | - | bitlbee
irc-ngircd-451 | irc.numeric | ^451 Connection not registered$ | ngircd | - | a:barton:ngircd | - | ngircd
`,
);
