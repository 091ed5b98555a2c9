/** Rows of SSH's version line. */

import { readRows } from "./row.ts";

/** SSH servers. */
export const SSH_ROWS = readRows(
  "ssh",
  String.raw`
ssh-openssh | ssh.software | ^OpenSSH_(\d[\d.]*)(p\d+)?$ | OpenSSH | $1$2 | a:openbsd:openssh:$1:$2 | - | openssh sslh
ssh-comment-debian | ssh.comment | ^Debian-(\S+)$ | - | - | o:debian:debian_linux | info:Debian $1; os:Linux | openssh sslh
ssh-dropbear | ssh.software | ^dropbear_(\d[\d.]*)$ | Dropbear sshd | $1 | a:dropbear_ssh_project:dropbear_ssh:$1 | - | dropbear
ssh-tinyssh | ssh.software | ^tinyssh_(\d{8})(?:-\d+)?$ | TinySSH | $1 | - | - | tinyssh
`,
);
