/** Rows of SSH's version line. */

import { readRows } from "./row.ts";

/** SSH servers. */
export const SSH_ROWS = readRows(
  "ssh",
  String.raw`
ssh-openssh | ssh.software | ^OpenSSH_(\d[\d.]*)(p\d+)?$ | OpenSSH | $1$2 | a:openbsd:openssh:$1:$2 | - | openssh sslh
ssh-comment-debian | ssh.comment | ^Debian-(\S+)$ | - | - | o:debian:debian_linux | info:Debian $1; os:Linux | openssh sslh
ssh-dropbear | ssh.software | ^dropbear_(\d[\d.]*)$ | Dropbear sshd | $1 | a:dropbear_ssh_project:dropbear_ssh:$1 | - | dropbear
ssh-tinyssh | ssh.software | ^tinyssh_(\d{8})(?:-\d+)?$ | TinySSH | $1 | - | - | tinysshd
ssh-asyncssh | ssh.software | ^AsyncSSH_(\d[\d.]*)$ | AsyncSSH | $1 | a:asyncssh_project:asyncssh:$1 | - | asyncssh
ssh-paramiko | ssh.software | ^paramiko_(\d[\d.]*)$ | Paramiko | $1 | a:paramiko:paramiko:$1 | - | paramiko
ssh-sshesame | ssh.software | ^sshesame$ | sshesame | - | - | info:honeypot | sshesame
ssh-ssh2js | ssh.software | ^ssh2js(\d[\d.]*)(?:srv)?$ | ssh2js | $1 | - | - | ssh2
ssh-lshd | ssh.software | ^lshd-(\d[\d.]*)$ | lshd | $1 | a:gnu:lsh:$1 | - | lsh-server
ssh-kex-dropbear | ssh.kex | ^\S{1,600},kexguess2@matt\.ucc\.asn\.au(?:,|$) | Dropbear sshd | - | a:dropbear_ssh_project:dropbear_ssh | - | dropbear
ssh-keys-lshd | ssh.host-keys | ^ssh-rsa,spki-sign-rsa$ | lshd | - | a:gnu:lsh | - | lsh-server
ssh-comment-lsh | ssh.comment | ^lsh - a GNU ssh$ | - | - | - | info:GNU | lsh-server
`,
);
