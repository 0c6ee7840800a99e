import type { Role, SampleFacts } from './sample.ts';

/** A page to be looked at. */
export interface PageToShow {
  name: string;
  /** Who stands there; nobody signed in when left out. */
  as?: Role;
  path: (facts: SampleFacts) => string;
  /** The status it answers with, where that is not 200. */
  status?: number;
  /** Wait for a video that plays. */
  playing?: boolean;
}

/** Pages of a hub that serves the sample. */
export const SAMPLE_PAGES: readonly PageToShow[] = [
  { name: 'home', path: () => '/' },
  { name: 'sign-in', path: () => '/sign-in' },
  { name: 'register', path: () => '/register' },
  { name: 'recover', path: () => '/recover' },
  { name: 'not-found', path: () => '/no-such-page', status: 404 },
  { name: 'courses', path: () => '/courses' },
  { name: 'course', path: ({ courseId }) => `/courses/${courseId}` },
  { name: 'run-anonymous', path: ({ runId }) => `/runs/${runId}` },
  { name: 'programmes', path: () => '/programmes' },
  { name: 'programme', path: ({ programmeId }) => `/programmes/${programmeId}` },

  { name: 'home-trainee', as: 'trainee', path: () => '/' },
  { name: 'learn', as: 'trainee', path: () => '/learn' },
  { name: 'run', as: 'trainee', path: ({ runId }) => `/runs/${runId}` },
  { name: 'survey', as: 'trainee', path: ({ surveyRunId }) => `/runs/${surveyRunId}/survey` },
  { name: 'lessons', as: 'trainee', path: () => '/lessons' },
  { name: 'live-list', as: 'trainee', path: () => '/live' },
  { name: 'live', as: 'trainee', path: ({ liveId }) => `/live/${liveId}`, playing: true },
  { name: 'me', as: 'trainee', path: () => '/me' },
  { name: 'denied', as: 'trainee', path: () => '/admin/roles', status: 403 },

  { name: 'teach', as: 'trainer', path: () => '/teach' },
  { name: 'teach-videos', as: 'trainer', path: () => '/teach/videos' },
  { name: 'teach-course-new', as: 'trainer', path: () => '/teach/courses/new' },
  { name: 'teach-run-new', as: 'trainer', path: () => '/teach/runs/new' },
  { name: 'teach-run', as: 'trainer', path: ({ heldRunId }) => `/teach/runs/${heldRunId}` },
  { name: 'teach-enrol', as: 'trainer', path: ({ runId }) => `/teach/runs/${runId}/enrol?q=sample-1` },
  { name: 'studio', as: 'trainer', path: ({ comingBroadcastId }) => `/studio/${comingBroadcastId}` },
  { name: 'live-coming', as: 'trainer', path: ({ comingBroadcastId }) => `/live/${comingBroadcastId}` },
  { name: 'live-over', as: 'trainer', path: ({ replayId }) => `/live/${replayId}` },

  { name: 'me-trainer', as: 'trainer', path: () => '/me' },

  { name: 'people', as: 'station', path: () => '/people' },
  { name: 'person-new', as: 'station', path: () => '/people/new' },
  { name: 'person', as: 'station', path: ({ personId }) => `/people/${personId}` },

  { name: 'figures', as: 'county', path: ({ programmeId }) => `/programmes/${programmeId}/figures` },
  {
    name: 'figures-prefecture',
    as: 'prefecture',
    path: ({ programmeId }) => `/programmes/${programmeId}/figures`,
  },
  {
    name: 'evidence',
    as: 'county',
    path: ({ programmeId }) => `/programmes/${programmeId}/figures/training.personTimes?region=533103`,
  },
  {
    name: 'evidence-satisfaction',
    as: 'county',
    path: ({ programmeId }) => `/programmes/${programmeId}/figures/training.satisfaction?region=533103`,
  },

  { name: 'admin', as: 'admin', path: () => '/admin' },
  { name: 'recordings', as: 'admin', path: () => '/recordings' },
  { name: 'admin-roles', as: 'admin', path: () => '/admin/roles' },
  { name: 'admin-regions', as: 'admin', path: () => '/admin/regions' },
  { name: 'admin-region', as: 'admin', path: ({ townshipCode }) => `/admin/regions/${townshipCode}` },
  { name: 'admin-programme-new', as: 'admin', path: () => '/admin/programmes/new' },
  {
    name: 'admin-programme-copy',
    as: 'admin',
    path: () => '/admin/programmes/new?from=longchuan-2019',
  },
];

/** Pages of a hub that was started for the first time and holds nothing yet; `setupPath` is on its console. */
export function pagesOfNewHub(setupPath: string): PageToShow[] {
  return [
    { name: 'setup', path: () => setupPath },
    { name: 'setup-used', path: () => '/setup/a-link-that-was-used' },
    { name: 'home-empty', path: () => '/' },
    { name: 'courses-empty', path: () => '/courses' },
    { name: 'live-list-empty', path: () => '/live' },
    { name: 'programmes-empty', path: () => '/programmes' },
  ];
}
