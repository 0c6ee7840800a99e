import { redirect } from '@sveltejs/kit';
import { attempt, load as ask, signInAddress } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { refuse } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { api } = apiOf(event);
  const { id, lesson: key } = event.params;
  const opened = await attempt(api.courses[':id'].lessons[':key'].open.$post({ param: { id, key } }));
  if (!opened.ok) {
    const { code, status } = opened.refusal;
    if (status === 401) redirect(303, signInAddress(event.url));
    // The course's page tells what comes first.
    if (code === 'course.not-started' || code === 'lesson.locked') redirect(303, `/courses/${id}`);
    // Asked for again the usual way, for the way out it knows.
    return ask(api.courses[':id'].$get({ param: { id } }), event).then(() => redirect(303, `/courses/${id}`));
  }
  const page = opened.data;
  const [video, broadcast] = await Promise.all([
    page.content.kind === 'video'
      ? attempt(api.videos[':id'].$get({ param: { id: page.content.videoId } }))
      : undefined,
    page.content.kind === 'live'
      ? attempt(api.broadcasts[':id'].$get({ param: { id: page.content.broadcastId } }))
      : undefined,
  ]);
  return {
    page,
    video: video?.ok && video.data.state === 'ready' ? video.data : null,
    broadcast: broadcast?.ok ? broadcast.data : null,
  };
};

export const actions: Actions = {
  read: async (event) => {
    const { id, lesson: key } = event.params;
    const api = apiOf(event).api.courses[':id'].lessons[':key'];
    const outcome = await attempt(api.read.$post({ param: { id, key } }));
    if (!outcome.ok) return refuse(outcome.refusal, {});
    return { read: true };
  },
};
