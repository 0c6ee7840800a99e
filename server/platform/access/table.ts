import type { Role } from './actor.ts';
import type { Rule } from './rule.ts';

const anyone: Rule = { who: 'anyone' };
const signedIn: Rule = { who: 'signed-in' };
const roles = (...held: Role[]): Rule => ({ who: 'roles', roles: held });

const OFFICIALS = ['county-official', 'prefecture-official', 'auditor', 'administrator'] as const;
/** Who may make a run; and with one of these roles it stays the trainer's own. */
const TEACHING = ['trainer', 'administrator'] as const;
/** Who may make a broadcast; and with one of these roles it stays the host's own. */
const BROADCASTING = ['host', 'trainer', 'station', 'base', 'administrator'] as const;

/**
 * Who may do what: the one table. `DOORS` (doors.ts) says which door leads to which action; verbs ask again, with the
 * region and owner of the very thing. Roles count in the thing's region or above it.
 */
export const ACCESS = {
  'hub.observe': anyone,
  'hub.setup': anyone,
  'hub.repair': roles('administrator'),

  'session.open': anyone,
  'session.close': signedIn,
  'session.read': { who: 'signed-in', tokens: ['publish', 'play', 'integration'] },
  'account.register': anyone,
  'account.recover': anyone,
  'account.issue-code': roles('station', 'trainer', 'administrator'),
  'account.change-password': signedIn,
  'account.change-name': signedIn,
  'token.issue': signedIn,
  'token.revoke': signedIn,
  'person.list': roles('station', 'trainer', 'administrator'),
  'person.register': roles('station', 'trainer', 'administrator'),
  'person.verify': roles('station', 'trainer', 'administrator'),
  /** Not the trainer: whoever counts their own attendees does not decide how many they are. */
  'person.merge': roles('station', 'administrator'),
  'grant.list': roles('administrator'),
  'grant.give': roles('administrator'),
  'grant.revoke': roles('administrator'),

  'region.read': anyone,
  'region.add': roles('administrator'),

  /** One's own drafts; what they are imported into asks again. */
  'import.own': signedIn,

  'broadcast.create': {
    who: 'roles',
    roles: BROADCASTING,
    tokens: ['publish', 'integration'],
  },
  'broadcast.list': { who: 'anyone' },
  'broadcast.read': {
    who: 'roles',
    roles: [...TEACHING, ...OFFICIALS, 'base'],
    orOwner: BROADCASTING,
    orMember: true,
    orStanding: ['cohost', 'floor'],
    tokens: ['publish', 'play', 'integration'],
  },
  'broadcast.watch': {
    who: 'roles',
    roles: [...TEACHING, ...OFFICIALS, 'base'],
    orOwner: BROADCASTING,
    orMember: true,
    orStanding: ['cohost', 'floor'],
    tokens: ['publish', 'play', 'integration'],
  },
  'broadcast.publish': {
    who: 'roles',
    roles: [],
    orOwner: BROADCASTING,
    orStanding: ['cohost', 'floor'],
    tokens: ['publish'],
  },
  /** Who has the floor, and how those on stage are shown. */
  'stage.direct': { who: 'roles', roles: [], orOwner: BROADCASTING, orStanding: ['cohost'] },
  /** Asking for the floor, and giving back what one has. */
  'stage.ask': { who: 'roles', roles: [], orMember: true, orStanding: ['cohost', 'floor'] },
  'cohost.name': { who: 'roles', roles: [], orOwner: BROADCASTING },
  /** By no token: the key would outlive it. */
  'stream-key.make': {
    who: 'roles',
    roles: [],
    orOwner: BROADCASTING,
    orStanding: ['cohost', 'floor'],
  },
  'stream-key.own': roles(...BROADCASTING),
  'broadcast.end': {
    who: 'roles',
    roles: ['base', 'administrator'],
    orOwner: BROADCASTING,
    tokens: ['publish', 'integration'],
  },
  /** The replay as a file of one's own: for who made it and who answers for it. */
  'broadcast.download': {
    who: 'roles',
    roles: [...OFFICIALS, 'base'],
    orOwner: BROADCASTING,
    tokens: ['integration'],
  },
  'broadcast.trim': { who: 'roles', roles: ['base', 'administrator'], orOwner: BROADCASTING },
  'recording.expiring': roles('administrator', 'auditor'),
  'recording.hold': roles('administrator', 'auditor'),
  /** Behind the path token that viewers share: whoever holds it was let in. */
  'broadcast.segments': anyone,
  'presence.report': signedIn,
  'chat.send': {
    who: 'roles',
    roles: ['trainer', 'base', 'administrator'],
    orOwner: BROADCASTING,
    orMember: true,
    orStanding: ['cohost', 'floor'],
  },

  'video.upload': roles(...TEACHING),
  'video.list': anyone,
  'video.watch': {
    who: 'roles',
    roles: ['administrator'],
    orOwner: TEACHING,
    orMember: true,
    tokens: ['play', 'integration'],
  },
  'video.manage': { who: 'roles', roles: ['administrator'], orOwner: TEACHING },
  /** As `broadcast.segments`. */
  'video.segments': anyone,

  'course.read': anyone,
  'course.create': roles(...TEACHING),
  /** Writing it, publishing it, taking it out of the list. */
  'course.edit': { who: 'roles', roles: ['administrator'], orOwner: TEACHING },
  /** Beginning a course and everything in it that is one's own. */
  'course.learn': signedIn,
  /** Work is graded by the trainers of the learner's region. */
  'course.grade': roles(...TEACHING),
  /** Looking at handed-in work: a member is who did it. */
  'course.work': { who: 'roles', roles: TEACHING, orMember: true },
  /** Named by the hash of their bytes: whoever knows it has had them. */
  'course.files': anyone,
  'run.read': anyone,
  'run.manage': { who: 'roles', roles: ['administrator'], orOwner: TEACHING },
  'run.create': roles(...TEACHING),
  'run.roster': {
    who: 'roles',
    roles: ['county-official', 'prefecture-official', 'auditor', 'administrator'],
    orOwner: TEACHING,
  },
  'run.enrol': signedIn,
  'run.enrol-assisted': { who: 'roles', roles: ['station', 'trainer', 'administrator'], orOwner: TEACHING },
  /** The screen with the code, the roll, the paper sheets of one's own class. */
  'attendance.take': { who: 'roles', roles: ['administrator'], orOwner: TEACHING },
  /** Signing for someone who cannot: named with helper, witness and reason. */
  'attendance.assist': { who: 'roles', roles: ['station', 'trainer', 'administrator'], orOwner: TEACHING },
  /** Whoever has the code that the screen shows stands before it; who they are is asked behind the door. */
  'sign-in.use': anyone,
  'attendance.void': { who: 'roles', roles: ['auditor', 'administrator'], orOwner: TEACHING },
  'survey.answer': signedIn,
  'learning.own': signedIn,
  /** Behind a secret address: calendars of phones cannot sign in. */
  'calendar.read': anyone,

  'programme.read': anyone,
  'programme.copy': roles('administrator'),
  'indicator.read': { who: 'roles', roles: [...OFFICIALS], tokens: ['integration'] },
  'indicator.recompute': roles('administrator', 'auditor'),
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof ACCESS;
