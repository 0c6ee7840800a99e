/**
 * Who may import whom. Imports run one way and without circles, type imports counted; the reasons stand with the rules.
 * `npm run check -- imports` and tests/architecture/ enforce it.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Files that need each other are one file, or the shared part belongs in a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'The import names a file or package that is not there.',
      severity: 'error',
      from: {},
      // $app, $types and paraglide are made by the build of the web.
      to: { couldNotResolve: true, pathNot: '^(\\$app/|\\./\\$types|#lib/paraglide/)' },
    },
    {
      name: 'declared-package',
      comment: 'Only packages that package.json names are promised to be there.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    ...betweenTopFolders(),
    ...betweenRooms(),
    ...tablesBelongToRooms(),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|\\.svelte-kit|web/node_modules|web/lib/paraglide)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types', 'svelte'],
    },
  },
};

function betweenTopFolders() {
  const rules = [];
  const forbid = (name, comment, from, to) => rules.push({ name, comment, severity: 'error', from, to });
  forbid(
    'nothing-imports-tests',
    'Tests look at the program, never the other way.',
    { pathNot: '^tests/' },
    { path: '^tests/' },
  );
  forbid(
    'nothing-imports-bootstrap',
    'Setup runs before anything else exists.',
    { pathNot: '^(bootstrap|tests)/' },
    { path: '^bootstrap/' },
  );
  forbid(
    'bootstrap-alone',
    'Setup runs before there are packages; what it imports by name runs after them.',
    { path: '^bootstrap/' },
    { path: '^(web|server|media|courses|drizzle|tests)/' },
  );
  for (const folder of ['media', 'courses', 'drizzle']) {
    const others = ['web', 'server', 'media', 'courses', 'drizzle'].filter((other) => other !== folder);
    forbid(
      `${folder}-alone`,
      'media, courses and drizzle know nobody: they take options and are imported.',
      { path: `^${folder}/` },
      { path: `^(${others.join('|')})/` },
    );
  }
  forbid(
    'server-below-web',
    'The web is handed to the server at run time.',
    { path: '^server/' },
    { path: '^web/' },
  );
  const typesForTheWeb = '^server/(app|[^/]+/messages)\\.ts$';
  forbid(
    'web-sees-contracts-only',
    'The web knows the app by its type and the socket messages by their schemas; of courses only the pure model.',
    { path: '^web/' },
    { path: '^(server|media|courses|drizzle)/', pathNot: `^courses/model/|${typesForTheWeb}` },
  );
  forbid(
    'web-imports-server-types-only',
    'A value imported from server/ is loaded twice: once by the server, once by the web.',
    { path: '^web/' },
    { path: typesForTheWeb, dependencyTypesNot: ['type-only'] },
  );
  return rules;
}

function betweenRooms() {
  /** Lowest first; rooms of one line do not see each other. */
  const ranks = [
    ['platform'],
    ['regions'],
    ['identity'],
    ['realtime', 'stations'],
    ['broadcasts'],
    ['learning', 'commerce', 'videos'],
    ['training'],
    ['livestream', 'incubation'],
    ['programme'],
    ['sample'],
  ];
  const rules = ranks.flatMap((rooms, rank) =>
    rooms.map((room) => {
      const notBelow = ranks
        .slice(rank)
        .flat()
        .filter((other) => other !== room);
      return {
        name: `rank-of-${room}`,
        comment:
          'A room sees only rooms of a lower rank; what it must ask a higher one is a port that app.ts wires.',
        severity: 'error',
        from: { path: `^server/${room}/` },
        to: { path: `^server/(${notBelow.join('|')})/` },
      };
    }),
  );
  const known = ranks.flat().join('|');
  const names = { name: 'room-has-a-rank', comment: 'Give a new room its rank here.', severity: 'error' };
  rules.push({ ...names, from: {}, to: { path: '^server/[^/]+/', pathNot: `^server/(${known})/` } });
  rules.push({
    name: 'rooms-below-composition',
    comment: 'The files at the top of server/ compose the rooms; no room knows them.',
    severity: 'error',
    from: { path: '^server/[^/]+/' },
    to: { path: '^server/[^/]+\\.ts$' },
  });
  rules.push({
    name: 'rooms-meet-at-service',
    comment: 'Between rooms only service.ts (verbs) or exported types. The platform is for everyone.',
    severity: 'error',
    from: { path: '^server/([^/]+)/' },
    to: {
      path: '^server/[^/]+/',
      pathNot: '^server/($1|platform)/|^server/[^/]+/service\\.ts$',
      dependencyTypesNot: ['type-only'],
    },
  });
  return rules;
}

function tablesBelongToRooms() {
  return [
    {
      name: 'tables-by-their-room',
      comment: "No room reads another's tables.",
      severity: 'error',
      from: { path: '^server/([^/]+)/', pathNot: '^server/platform/' },
      to: { path: '^drizzle/schema/', pathNot: '^drizzle/schema/$1(/|\\.ts$)' },
    },
    {
      name: 'tables-in-the-store',
      comment: "A room's store is alone in touching its tables.",
      severity: 'error',
      // lucia's adapter is handed the tables of accounts and sessions, behind the one file that knows lucia.
      from: {
        path: '^server/',
        pathNot: [
          '^server/platform/',
          '[/-]store/',
          '[/-]store\\.ts$',
          '^server/identity/auth-sessions\\.ts$',
        ],
      },
      to: { path: '^drizzle/schema/', dependencyTypesNot: ['type-only'] },
    },
  ];
}
