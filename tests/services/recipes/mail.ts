/** Recipes of mail servers. */

import { type Recipe, recipe } from "../recipe.ts";

const DOVECOT = "dovecot-imapd dovecot-pop3d dovecot-lmtpd dovecot-managesieved";
const EXIM = `primary_hostname = lab.test
daemon_smtp_ports = 2525
acl_smtp_rcpt = accept
spool_directory = /lab/exim
log_file_path = /lab/exim/%slog
exim_user = Debian-exim
exim_group = Debian-exim
begin acl
begin routers
begin transports
`;

export const MAIL: readonly Recipe[] = [
  recipe(
    "postfix",
    "postfix",
    "postconf -e inet_protocols=ipv4 myhostname=mail.lab.test maillog_file=/dev/stdout; exec postfix start-fg",
    ["25 smtp | Postfix | -"],
  ),
  recipe(
    "exim",
    "unpack:exim4-daemon-light",
    "useradd -r Debian-exim; mkdir -p exim; chown Debian-exim exim; " +
      "exec /unpacked/exim4-daemon-light/usr/sbin/exim4 -C /lab/exim.conf -bdf",
    ["2525 smtp | Exim | 4.96"],
    {
      files: { "/lab/exim.conf": EXIM },
    },
  ),
  recipe("dovecot", DOVECOT, "mkdir -p /run/dovecot; exec dovecot -F", [
    "dovecot-pop3:110 pop3 | Dovecot | -",
    "dovecot-imap:143 imap | Dovecot | -",
    "dovecot-imaps:993 imap | Dovecot | -",
    "dovecot-pop3s:995 pop3 | Dovecot | -",
    "dovecot-sieve:4190 sieve | Dovecot/Pigeonhole | -",
  ]),
  recipe("spamd", "spamd", "exec spamd -L -i 0.0.0.0 -p 783 -m 1 --min-children=1 -u nobody", [
    "783 spamd/spamassassin | SpamAssassin | -",
  ]),
  recipe("aiosmtpd", "python3-aiosmtpd", "exec python3 -m aiosmtpd -n -l 0.0.0.0:8025", [
    "8025 smtp | aiosmtpd/Python | 1.4.3",
  ]),
  recipe("postgrey", "postgrey", "exec postgrey --inet=0.0.0.0:10023 --dbdir=/lab --user=root --group=root", [
    "10023 postfix-policy/postgrey | Postgrey/Postfix | -",
  ]),
];
