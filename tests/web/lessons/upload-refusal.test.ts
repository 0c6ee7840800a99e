import { DetailedError, type HttpResponse } from 'tus-js-client';
import { expect, it } from 'vitest';
import { refusalIn } from '../../../web/lib/lessons/upload-refusal.ts';

function answered(status: number, body: string): Error {
  const response: HttpResponse = {
    getStatus: () => status,
    getHeader: () => undefined,
    getBody: () => body,
    getUnderlyingObject: () => undefined,
  };
  return Object.assign(new DetailedError('unexpected response'), { originalResponse: response });
}
const told = (code: string) => JSON.stringify({ error: { code, sentence: '说给用户听的' } });

it.each([
  ['too many that are not finished', answered(409, told('video.too-many-uploads')), 'video.too-many-uploads'],
  [
    'too much that is not finished',
    answered(409, told('video.too-much-unfinished')),
    'video.too-much-unfinished',
  ],
  ['too large', answered(413, told('video.too-large')), 'video.too-large'],
  ['not allowed', answered(403, told('access.denied')), 'access.denied'],
  ['a full disk', answered(507, told('storage.full')), 'storage.full'],
  ['a refusal of tus or of a proxy', answered(413, 'Maximum size exceeded\n'), 'server.failed'],
  ['an offset that the hub is not at yet', answered(409, 'Upload-Offset conflict\n'), undefined],
  ['a conflict that says no more', answered(409, told('conflict')), undefined],
  ['a locked upload', answered(423, 'Locked\n'), undefined],
  ['too many tries', answered(429, told('rate.limited')), undefined],
  ['a busy database', answered(503, told('database.busy')), undefined],
  ['a fault of ours', answered(500, told('server.failed')), undefined],
  ['no answer', new DetailedError('failed to upload'), undefined],
  ['another error', new Error('the file is gone'), undefined],
])('takes as said for good or not: %s', async (_, error, code) => {
  const refusal = await refusalIn(error);
  expect(refusal?.code).toBe(code);
});

it('keeps the sentence for whoever is refused', async () => {
  const refusal = await refusalIn(answered(409, told('video.too-many-uploads')));
  expect(refusal).toMatchObject({ status: 409, sentence: '说给用户听的' });
});
