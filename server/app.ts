import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { describeApi } from './api-document.ts';
import type { Authenticator } from './platform/http/identify.ts';
import { limitBody } from './platform/http/limit-body.ts';
import { identify } from './platform/http/identify.ts';
import { docsRoutes } from './platform/http/docs.ts';
import { doorkeeper } from './platform/http/doorkeeper.ts';
import type { HubEnv } from './platform/http/environment.ts';
import { observationRoutes } from './platform/http/observe.ts';
import { errorHandler, notFoundHandler } from './platform/http/respond.ts';
import type { IceServer } from './platform/config.ts';
import type { Logger } from './platform/log.ts';
import { outboxRepairRoutes, type OutboxRepair } from './platform/outbox/repair.ts';
import type { ReadinessProbe } from './platform/readiness.ts';
import type { Registry } from 'prom-client';
import { authRoutes } from './identity/auth-routes.ts';
import { grantRoutes } from './identity/grant-routes.ts';
import { personRoutes } from './identity/person-routes.ts';
import type { Identity } from './identity/service.ts';
import { setupRoutes } from './identity/setup-routes.ts';
import { cohostRoutes } from './broadcasts/cohost-routes.ts';
import { broadcastRoutes, ownStreamKeyRoutes } from './broadcasts/routes.ts';
import { mediaRoutes } from './broadcasts/media-routes.ts';
import { recordingRoutes, retentionRoutes } from './broadcasts/recording-routes.ts';
import { hlsRoutes } from './broadcasts/hls-routes.ts';
import { openToOtherOrigins, whepRoutes, whipRoutes } from './broadcasts/whip-routes.ts';
import type { Broadcasts } from './broadcasts/service.ts';
import { draftRoutes, courseFileRoutes } from './learning/authoring-routes.ts';
import { courseRoutes, termRoutes } from './learning/routes.ts';
import { lessonRoutes, myCourseRoutes } from './learning/lesson-routes.ts';
import { workRoutes } from './learning/work-routes.ts';
import type { Learning } from './learning/service.ts';
import {
  attendanceRoutes,
  myLearningRoutes,
  replayRoutes,
  runRoutes,
  sessionRoutes,
} from './training/routes.ts';
import type { Training } from './training/service.ts';
import { sheetPhotoRoutes, sheetRoutes } from './training/sign-in/sheet-routes.ts';
import { signInDeskRoutes, signInRoutes } from './training/sign-in/routes.ts';
import { catalogueRoutes, programmeRoutes } from './programme/routes.ts';
import type { Programmes } from './programme/service.ts';
import { videoPlaybackRoutes, videoRoutes } from './videos/routes.ts';
import type { Videos } from './videos/service.ts';
import { uploadRoutes } from './videos/upload-routes.ts';
import { calendarFeedRoutes, calendarRoutes } from './training/calendar-routes.ts';
import { importRoutes } from './platform/imports/routes.ts';
import type { Imports } from './platform/imports/service.ts';
import { regionRoutes } from './regions/routes.ts';
import type { Regions } from './regions/service.ts';

/** The rooms whose doors the app opens, and what it needs around them. */
export interface AppParts {
  authenticator: Authenticator;
  trustProxy: boolean;
  /** Where people reach the hub, when a proxy in front of it answers under another name. */
  publicOrigin: string | undefined;
  /** People reach the hub over TLS only: cookies are marked Secure. */
  tlsAlways: boolean;
  /** What clients are told to find their way through a network with. */
  iceServers: readonly IceServer[];
  log: Logger;
  metrics: Registry;
  probes: readonly ReadinessProbe[];
  outboxRepair: OutboxRepair;
  regions: Regions;
  identity: Identity;
  broadcasts: Broadcasts;
  learning: Learning;
  videos: Videos;
  training: Training;
  imports: Imports;
  programmes: Programmes;
}

/** Composes the HTTP app. Its type is what the web's client is made from. */
export function composeApp(parts: AppParts) {
  const cookies = { always: parts.tlsAlways, trustProxy: parts.trustProxy };
  const app = new Hono<HubEnv>()
    .onError(errorHandler(parts.log))
    .notFound(notFoundHandler)
    .use(secureHeaders({ crossOriginResourcePolicy: 'same-origin', referrerPolicy: 'same-origin' }))
    .use('/whip/*', openToOtherOrigins)
    .use('/whep/*', openToOtherOrigins)
    .use(identify(parts.authenticator, { trustProxy: parts.trustProxy, publicOrigin: parts.publicOrigin }))
    .use(doorkeeper)
    .use('/api/*', limitBody)
    .route('/', observationRoutes(parts.probes, parts.metrics))
    .route('/api/docs', docsRoutes())
    .route('/api/operations/parked', outboxRepairRoutes(parts.outboxRepair))
    .route('/api/auth', authRoutes(parts.identity, cookies))
    .route('/api/setup', setupRoutes(parts.identity, cookies))
    .route('/api/persons', personRoutes(parts.identity))
    .route('/api/grants', grantRoutes(parts.identity))
    .route('/api/regions', regionRoutes(parts.regions))
    .route('/api/broadcasts', broadcastRoutes(parts.broadcasts))
    .route('/api/broadcasts', cohostRoutes(parts.broadcasts))
    .route('/api/media', mediaRoutes(parts.broadcasts))
    .route('/api/me/stream-key', ownStreamKeyRoutes(parts.broadcasts))
    .route('/api/broadcasts', recordingRoutes(parts.broadcasts))
    .route('/api/recordings', retentionRoutes(parts.broadcasts))
    .route('/whip', whipRoutes(parts.broadcasts.whip, parts.iceServers))
    .route('/whep', whepRoutes(parts.broadcasts.whep, parts.iceServers))
    .route('/hls', hlsRoutes(parts.broadcasts))
    .route('/api/videos', videoRoutes(parts.videos))
    .route('/videos', videoPlaybackRoutes(parts.videos))
    .route('/uploads', uploadRoutes(parts.videos))
    .route('/api/courses', courseRoutes(parts.learning))
    .route('/api/courses', draftRoutes(parts.learning))
    .route('/api/courses', lessonRoutes(parts.learning))
    .route('/api/course-files', courseFileRoutes(parts.learning))
    .route('/api/course-work', workRoutes(parts.learning))
    .route('/api/me/courses', myCourseRoutes(parts.learning))
    .route('/api/catalogue/terms', termRoutes())
    .route('/api/runs', runRoutes(parts.training))
    .route('/api/sessions', sessionRoutes(parts.training))
    .route('/api/sessions', signInDeskRoutes(parts.training))
    .route('/api/replays', replayRoutes(parts.training))
    .route('/api/sheets', sheetRoutes(parts.training))
    .route('/api/sheet-photos', sheetPhotoRoutes(parts.training))
    .route('/api/sign-in', signInRoutes(parts.training))
    .route('/api/attendances', attendanceRoutes(parts.training))
    .route('/api/me/learning', myLearningRoutes(parts.training))
    .route('/api/imports', importRoutes(parts.imports))
    .route('/api/me/calendar', calendarFeedRoutes(parts.training))
    .route('/api/calendar', calendarRoutes(parts.training, parts.publicOrigin))
    .route('/api/catalogue/programmes', catalogueRoutes(parts.programmes))
    .route('/api/programmes', programmeRoutes(parts.programmes));
  let document: Promise<string> | undefined;
  return app.get('/api/openapi.json', async (c) => {
    document ??= describeApi(app as unknown as Hono<HubEnv>).then((described) => JSON.stringify(described));
    return c.body(await document, 200, { 'Content-Type': 'application/json' });
  });
}

export type { ErrorCode } from './platform/errors.ts';
export type AppType = ReturnType<typeof composeApp>;
