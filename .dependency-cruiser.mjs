/** Who may import whom. The table is the architecture; the rules below it are made from the table. */

/** Room -> the rooms it may import from, beside itself. */
const ROOMS = {
  contract: [],
  'kiosk-config': ['contract'],
  drivers: ['contract'],
  engine: ['drivers', 'contract', 'kiosk-config'],
  platform: ['contract'],
  renderer: ['contract'],
  shell: ['contract'],
  station: ['drivers', 'contract', 'kiosk-config'],
  electron: ['engine', 'shell', 'contract'],
  'browser-host': ['engine', 'shell', 'contract'],
};
const OUTSIDE = ['scripts', 'tests', 'bench'];
const SIMULATOR = ['/simulator/', '\\.simulator\\.ts$'];
const TEST_FILE = '\\.(test|spec|test-support)\\.tsx?$|/test-support/';
/** Run by people and tools, so nothing imports them. */
const ENTRY = [
  '(^|/|\\.)main\\.tsx?$',
  '^station/page/',
  '\\.(entry|config)\\.ts$',
  '(^|/)build\\.ts$',
  '^electron/(preload|engine-process)\\.ts$',
  '\\.d\\.ts$',
  TEST_FILE,
  '^(scripts|tests|bench)/',
];
const ROOM_NAMES = Object.keys(ROOMS);
const anyOf = (names) => `^(${names.join('|')})/`;

const roomRules = ROOM_NAMES.map((room) => ({
  name: `${room}-imports`,
  comment: `${room}/ may import ${['itself', ...ROOMS[room]].join(', ')} and packages.`,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: TEST_FILE },
  to: { path: anyOf([...ROOM_NAMES, ...OUTSIDE].filter((name) => name !== room && !ROOMS[room].includes(name))) },
}));

export default {
  forbidden: [
    ...roomRules,
    {
      name: 'station-sees-simulators-only',
      comment: 'The station is the other end of the wires; it knows no driver.',
      severity: 'error',
      from: { path: '^station/', pathNot: TEST_FILE },
      to: { path: '^drivers/', pathNot: SIMULATOR },
    },
    {
      name: 'simulator-knows-no-codec',
      comment: 'A protocol tested against itself is not tested: simulators are written from the protocol sheet.',
      severity: 'error',
      from: { path: SIMULATOR, pathNot: TEST_FILE },
      to: { path: '\\.(codec|driver)\\.ts$', reachable: true },
    },
    {
      name: 'flow-knows-its-ports-only',
      comment: 'Machines reach devices, ledger and sync through the interfaces the flow declares.',
      severity: 'error',
      from: { path: '^engine/flow/', pathNot: TEST_FILE },
      to: { path: '^engine/(devices|ledger|sync|maintenance|provisioning)/|^drivers/' },
    },
    {
      name: 'services-know-no-machine',
      comment: 'The arrow runs from the flow to its services; a service sees at most the ports it implements.',
      severity: 'error',
      from: { path: '^engine/(devices|ledger|sync)/', pathNot: TEST_FILE },
      to: { path: '^engine/flow/', pathNot: '^engine/flow/[^/]*(ports|types)\\.ts$' },
    },
    {
      name: 'no-node-in-the-page',
      comment: 'The renderer is sandboxed: neither it nor the contract it reads may need Node.',
      severity: 'error',
      from: { path: '^(renderer|contract)/', pathNot: `${TEST_FILE}|\\.(config|system)\\.ts$` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-system-in-the-page',
      comment: 'The system adapters of the contract are for Node; the renderer has its own.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^contract/.*\\.system\\.ts$', reachable: true },
    },
    {
      name: 'no-dev-package-in-product',
      severity: 'error',
      from: { path: anyOf(ROOM_NAMES), pathNot: `${TEST_FILE}|\\.config\\.ts$|(^|/)build\\.ts$` },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/electron/' },
    },
    {
      name: 'no-unlisted-package',
      comment: 'Only packages that package.json names; the PC/SC library is listed in its own.',
      severity: 'error',
      from: { path: anyOf([...ROOM_NAMES, ...OUTSIDE]) },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: 'pcsc-mini' },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(pcsc-mini|dist/)|/dist/' },
    },
    {
      name: 'no-cycle',
      comment: 'Of what is there at run time; a type that looks back is erased.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphan',
      comment: 'A module that imports nothing and that nothing imports is left over.',
      severity: 'error',
      from: { orphan: true, path: anyOf(ROOM_NAMES), pathNot: ENTRY },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^(dist|coverage|[.]data|tests/fixtures)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
  },
};
