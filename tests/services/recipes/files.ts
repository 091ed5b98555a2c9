/** Recipes of file, directory and version control servers. */

import { type Recipe, recipe } from "../recipe.ts";

const KRB5 = "[libdefaults]\ndefault_realm=LAB.TEST\n[realms]\nLAB.TEST={\nkdc=127.0.0.1\n}\n";
const SAMBA =
  "[global]\nworkgroup=LAB\nnetbios name=LAB\nserver string=lab\nmap to guest=bad user\n[p]\npath=/lab/www\nguest ok=yes\n";

export const FILES: readonly Recipe[] = [
  recipe("proftpd", "proftpd-core", "mkdir -p /run/proftpd; exec proftpd -n", ["21 ftp | ProFTPD | -"]),
  recipe("vsftpd", "unpack:vsftpd", "mkdir -p empty; exec /unpacked/vsftpd/usr/sbin/vsftpd /lab/vsftpd.conf", [
    "2121 ftp | vsftpd | 3.0.3",
  ], {
    files: {
      "/lab/vsftpd.conf":
        "listen=YES\nlisten_port=2121\nbackground=NO\nanonymous_enable=YES\nsecure_chroot_dir=/lab/empty\n",
    },
  }),
  recipe("pure-ftpd", "unpack:pure-ftpd", "exec /unpacked/pure-ftpd/usr/sbin/pure-ftpd -S 2122 -e", [
    "2122 ftp | Pure-FTPd | -",
  ]),
  recipe("pyftpdlib", "python3-pyftpdlib", "exec python3 -m pyftpdlib -i 0.0.0.0 -p 2123", [
    "2123 ftp | pyftpdlib | {python3-pyftpdlib}",
  ]),
  recipe("slapd", "slapd", "exec slapd -d 0 -h ldap:/// -F /etc/ldap/slapd.d", ["389 ldap | OpenLDAP | -"]),
  recipe("krb5-kdc", "krb5-kdc", "kdb5_util create -s -P lab; exec krb5kdc -n", [
    "88 kerberos-sec | MIT Kerberos/MIT | -",
  ], {
    files: {
      "/etc/krb5.conf": KRB5,
      "/etc/krb5kdc/kdc.conf": "[kdcdefaults]\nkdc_tcp_listen=88\n[realms]\nLAB.TEST={\n}\n",
    },
  }),
  recipe("samba", "samba", "mkdir -p /run/samba; exec smbd -F --no-process-group", [
    "samba-139:139 netbios-ssn/smb | Samba smbd/Samba | -",
    "samba-445:445 netbios-ssn/smb/microsoft-ds | Samba smbd/Samba | -",
  ], { files: { "/etc/samba/smb.conf": SAMBA } }),
  recipe("rsync", "rsync", "exec rsync --daemon --no-detach --config=/lab/rsyncd.conf", ["873 rsync | - | -"], {
    files: { "/lab/rsyncd.conf": "[m]\npath=/lab/www\nuse chroot=no\n" },
  }),
  recipe("nbd-server", "nbd-server", "truncate -s 1M disk.img; nbd-server -C /lab/nbd.conf; exec sleep infinity", [
    "10809 nbd | nbd-server/Network Block Device | -",
  ], {
    files: { "/lab/nbd.conf": "[generic]\nport=10809\nallowlist=true\n[disk]\nexportname=/lab/disk.img\n" },
  }),
  recipe("distccd", "distcc", "exec distccd --no-detach --daemon --allow 127.0.0.1 --user nobody --log-stderr", [
    "3632 distccd | distcc/distccd | -",
  ]),
  recipe("icecc-scheduler", "icecc", "exec icecc-scheduler -p 8765 -u nobody", [
    "icecc-scheduler:8765 icecc | Icecream/icecc | -",
    "icecc-telnet:8766 icecc | Icecream/icecc | -",
  ]),
  recipe("svnserve", "subversion", "svnadmin create svn; exec svnserve -d --foreground -r /lab/svn", [
    "3690 svnserve/svn | Subversion | -",
  ]),
  recipe("git-daemon", "git", "exec git daemon --base-path=/lab --reuseaddr", ["9418 git | Git | -"]),
  recipe(
    "cvs",
    "cvs socat",
    'cvs -d /lab/cvs init; exec socat TCP-LISTEN:2401,fork,reuseaddr EXEC:"cvs -f --allow-root=/lab/cvs pserver"',
    ["2401 cvspserver | CVS | -"],
  ),
  recipe(
    "ganesha",
    "nfs-ganesha nfs-ganesha-vfs rpcbind",
    "mkdir -p /run/rpcbind /run/ganesha; rpcbind -w; exec ganesha.nfsd -F -L STDOUT -f /lab/ganesha.conf",
    [
      "ganesha-nfs:2049 nfs | - | -",
      "ganesha-mountd:20048 mountd | - | -",
    ],
    {
      files: {
        "/lab/ganesha.conf":
          "NFS_CORE_PARAM { Protocols = 3,4; MNT_Port = 20048; Enable_NLM = false; Enable_RQUOTA = false; }\n" +
          "EXPORT { Export_Id = 1; Path = /lab; Pseudo = /lab; Access_Type = RO; FSAL { Name = VFS; } }\n",
      },
    },
  ),
];
