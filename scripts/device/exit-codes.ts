/** How the command ends; docs/operations/devices.md tells people. */
export const EXIT = {
  well: 0,
  /** A device is not online, a test failed, a frame or a key is bad. */
  notWell: 1,
  /** The site, the model, the link or a setting cannot be. */
  badConfig: 2,
  /** The command line itself. */
  usage: 64,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const USAGE = `usage: npm run device -- COMMAND ...
  list                                classes, models, protocols, and the devices of the site
  status [DEVICE]                     how they are
  self-test DEVICE                    what the driver finds out about one
  record DEVICE --seconds N --out FILE [--plain]
  replay FILE [--decode]
  decode KEY HEX | decode --batch FILE
  encode KEY JSON
which devices: --site NAME|FILE (default demo-village), or one alone:
  --class C --model M --link LINK [--settings JSON]
  LINK: tcp:HOST:PORT  serial:PATH:BAUD[:odd|:even]  hid:VID:PID[:SERIAL]  pcsc[:READER]  ipp://HOST/PATH
        usb-printer:PATH  nut:UPS@HOST:PORT  vpcd:PORT
--wait SECONDS  how long a device may take to speak (default 10)
--json          one JSON text for programs, in place of the table
exit: 0 all well, 1 a device or frame is not, 2 bad configuration, 64 bad command line
`;
