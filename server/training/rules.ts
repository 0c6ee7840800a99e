/** A rule by which something becomes attendance. Shown beside every attendance; a change is a new version. */
export interface AttendanceRule {
  rule: string;
  version: number;
}

/** Presence in a live class, as the server measured it. */
export const LIVE_PRESENCE = { rule: 'live-presence', version: 1 } as const satisfies AttendanceRule;

/** Watching the replay: distinct seconds of it that were played, of at least the session's threshold. */
export const REPLAY = { rule: 'replay', version: 1 } as const satisfies AttendanceRule;

const MINUTE_MS = 60_000;
const LONGEST_SESSION_MINUTES = 12 * 60;

/** A session as planned. Instants are ISO text in UTC. */
export interface PlannedSession {
  startsAt: string;
  endsAt: string;
  thresholdMinutes: number;
}

/** What is wrong with the plan of a run; `path` points into the input. */
export interface PlanFault {
  path: string;
  rule: 'ends-before-start' | 'too-long' | 'threshold-over-length' | 'overlaps' | 'more-than-sessions';
  message: string;
}

/** Whole minutes a session is planned to last. */
export function plannedMinutes({ startsAt, endsAt }: Pick<PlannedSession, 'startsAt' | 'endsAt'>): number {
  return Math.floor((Date.parse(endsAt) - Date.parse(startsAt)) / MINUTE_MS);
}

/** Every fault of a run's plan: sessions end after they start, do not overlap, and can be attended long enough. */
export function faultsOfPlan(sessions: readonly PlannedSession[], requiredSessions: number): PlanFault[] {
  const faults = sessions.flatMap((session, index) => faultsOfSession(session, `sessions.${index}`));
  sessions.forEach((session, index) => {
    const clash = sessions.findIndex((other, at) => at < index && overlap(other, session));
    if (clash >= 0)
      faults.push({
        path: `sessions.${index}.startsAt`,
        rule: 'overlaps',
        message: `Overlaps session ${clash + 1}`,
      });
  });
  if (requiredSessions > sessions.length)
    faults.push({
      path: 'requiredSessions',
      rule: 'more-than-sessions',
      message: 'More sessions are required than the run has',
    });
  return faults;
}

function faultsOfSession(session: PlannedSession, path: string): PlanFault[] {
  const minutes = plannedMinutes(session);
  if (Date.parse(session.endsAt) <= Date.parse(session.startsAt))
    return [
      { path: `${path}.endsAt`, rule: 'ends-before-start', message: 'The end must come after the start' },
    ];
  if (minutes > LONGEST_SESSION_MINUTES)
    return [{ path: `${path}.endsAt`, rule: 'too-long', message: 'A session lasts 12 hours at most' }];
  if (session.thresholdMinutes > minutes)
    return [
      {
        path: `${path}.thresholdMinutes`,
        rule: 'threshold-over-length',
        message: `The session is planned for ${minutes} minutes`,
      },
    ];
  return [];
}

function overlap(a: PlannedSession, b: PlannedSession): boolean {
  return Date.parse(a.startsAt) < Date.parse(b.endsAt) && Date.parse(b.startsAt) < Date.parse(a.endsAt);
}

/** A stretch in which a person was there. Instants are ISO text. */
export interface PresentStretch {
  presentFrom: string;
  presentUntil: string;
}

/** The stretch of a measured presence: at least `effectiveSeconds`, the last of them at `occurredAt`. */
export function stretchOf(measured: { effectiveSeconds: number; occurredAt: string }): PresentStretch {
  const fromMs = Date.parse(measured.occurredAt) - measured.effectiveSeconds * 1000;
  return { presentFrom: new Date(fromMs).toISOString(), presentUntil: measured.occurredAt };
}

/** Attended: effective presence of at least the session's threshold. */
export function reachesThreshold(effectiveSeconds: number, thresholdMinutes: number): boolean {
  return effectiveSeconds >= thresholdMinutes * 60;
}

/** Distinct seconds of a replay that are asked for: as live, but of a class that was short the same share. */
export function replaySecondsRequired(session: PlannedSession, replaySeconds: number): number {
  const planned = Math.max(1, plannedMinutes(session));
  const share = (replaySeconds * session.thresholdMinutes) / planned;
  return Math.max(1, Math.ceil(Math.min(session.thresholdMinutes * 60, share)));
}

/** True when one person cannot have been present for both: they would have been in two places at once. */
export function impossibleTogether(a: PresentStretch, b: PresentStretch): boolean {
  return a.presentFrom < b.presentUntil && b.presentFrom < a.presentUntil;
}

/** True when a linked class is over: whoever attended may judge it. */
export function isOver(broadcastState: string | undefined, endsAt: string, nowMs: number): boolean {
  if (broadcastState === 'ended' || broadcastState === 'replay') return true;
  if (broadcastState === 'live' || broadcastState === 'interrupted') return false;
  return Date.parse(endsAt) <= nowMs;
}

/** True when the standing attendances are enough for the run to count the person. */
export function isAttendee(attendedSessions: number, requiredSessions: number): boolean {
  return attendedSessions >= requiredSessions;
}
