/** What `npm test` needs beside npm packages, and why. */

export interface DebianPackage {
  readonly name: string;
  readonly reason: string;
  /** Any of these paths present means: there, whoever installed it. */
  readonly paths: readonly string[];
}

export const DEBIAN_PACKAGES: readonly DebianPackage[] = [
  {
    name: 'chromium',
    reason: 'the browser in which the screens are tested',
    paths: ['/usr/bin/chromium'],
  },
  {
    name: 'fonts-noto-cjk',
    reason: 'Chinese glyphs, so that no label is measured in empty boxes',
    paths: ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'],
  },
  {
    name: 'libpcsclite1',
    reason: 'the library through which the smart-card driver talks to pcscd',
    paths: [
      '/usr/lib/x86_64-linux-gnu/libpcsclite.so.1',
      '/usr/lib/aarch64-linux-gnu/libpcsclite.so.1',
      '/usr/lib/libpcsclite.so.1',
    ],
  },
  {
    name: 'pcscd',
    reason: 'the real smart-card service the driver is tested against',
    paths: ['/usr/sbin/pcscd'],
  },
  {
    name: 'vsmartcard-vpcd',
    reason: 'a virtual reader inside pcscd, into which a simulated card is put',
    paths: ['/etc/reader.conf.d/vpcd', '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'],
  },
  {
    name: 'socat',
    reason: 'pairs of pseudo terminals: real serial ports without a cable',
    paths: ['/usr/bin/socat'],
  },
  {
    name: 'umockdev',
    reason: 'USB-HID devices without a USB port, for the HID library’s own binary',
    paths: ['/usr/bin/umockdev-run'],
  },
  {
    name: 'cups',
    reason: 'a real print spooler the document printer is tested against',
    paths: ['/usr/sbin/cupsd'],
  },
  {
    name: 'cups-ipp-utils',
    reason: 'ippeveprinter, a real IPP Everywhere printer without paper',
    paths: ['/usr/sbin/ippeveprinter', '/usr/bin/ippeveprinter'],
  },
  {
    name: 'dbus-daemon',
    reason: 'a private message bus, without which ippeveprinter does not start',
    paths: ['/usr/bin/dbus-daemon'],
  },
  {
    name: 'nut-server',
    reason: 'a real upsd with a dummy supply, for the battery',
    paths: ['/usr/sbin/upsd', '/sbin/upsd'],
  },
  {
    name: 'postgresql-15',
    reason: 'a real PostgreSQL: the platform behaves on it as on SQLite, and keeps its word when it is stopped at once',
    paths: [
      '/usr/lib/postgresql/15/bin/postgres',
      '/usr/lib/postgresql/16/bin/postgres',
      '/usr/lib/postgresql/17/bin/postgres',
    ],
  },
  {
    name: 'strace',
    reason: 'failing system calls under the ledger: EIO, ENOSPC, a kill in the middle of a sync',
    paths: ['/usr/bin/strace'],
  },
  {
    name: 'gcc',
    reason: 'builds the small SQLite VFS that records every write, to cut the power between any two of them',
    paths: ['/usr/bin/gcc'],
  },
  {
    name: 'libc6-dev',
    reason: 'headers for the same',
    paths: ['/usr/include/stdio.h'],
  },
];
