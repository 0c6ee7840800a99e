import sdpTransform from 'sdp-transform';
import { describe, expect, test } from 'vitest';
import * as mediasoupOrtc from 'mediasoup/ortc';
import type { ProducerInfo, TransportParameters } from '../../../../media/contract.ts';
import { choosePlayed } from '../../../../media/ingest/whip/choose-played.ts';
import { readIceFragment, writeIceFragment } from '../../../../media/ingest/whip/ice-fragment.ts';
import { orderRids } from '../../../../media/ingest/whip/order-rids.ts';
import { planPlayback, playbackCapabilities } from '../../../../media/ingest/whip/plan-playback.ts';
import { planPublication } from '../../../../media/ingest/whip/plan-publication.ts';
import { readOffer } from '../../../../media/ingest/whip/read-offer.ts';
import { writeAnswer } from '../../../../media/ingest/whip/write-answer.ts';
import { MediaError } from '../../../../media/errors.ts';
import { dialectCodecs } from '../../../../media/sfu/dialect.ts';
import { dice, mutate } from '../../../support/mutate-text.ts';
import { CHROME, FFMPEG, FIREFOX, GSTREAMER, OBS } from './offers.ts';

const TRANSPORT: TransportParameters = {
  id: 't',
  iceParameters: { usernameFragment: 'ours', password: 'ours-too', iceLite: true },
  iceCandidates: [
    {
      foundation: 'udpcandidate',
      priority: 1076302079,
      ip: '10.0.0.1',
      address: '10.0.0.1',
      protocol: 'udp',
      port: 44400,
      type: 'host',
    },
    {
      foundation: 'tcpcandidate',
      priority: 1076276479,
      ip: '10.0.0.1',
      address: '10.0.0.1',
      protocol: 'tcp',
      port: 44400,
      type: 'host',
      tcpType: 'passive',
    },
  ],
  dtlsParameters: { role: 'auto', fingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }] },
};

function answerTo(sdp: string) {
  const offer = readOffer(sdp);
  const planned = planPublication(offer);
  const taken = planned.map(({ media }) => media);
  const answer = writeAnswer(offer, taken, TRANSPORT, '1');
  return { offer, planned, answer, parsed: sdpTransform.parse(answer) };
}

describe('what is taken of an offer', () => {
  test.each([
    {
      who: 'Chromium',
      sdp: CHROME,
      audio: 111,
      video: [106, 107],
      encodings: [{ rid: 'q' }, { rid: 'h' }, { rid: 'f' }],
      setup: 'passive',
    },
    {
      who: 'Firefox',
      sdp: FIREFOX,
      audio: 109,
      video: [126, 127],
      encodings: [{ ssrc: 2002, rtx: { ssrc: 2003 } }],
      setup: 'passive',
    },
    { who: 'OBS', sdp: OBS, audio: 111, video: [96], encodings: [{ ssrc: 3002 }], setup: 'passive' },
    {
      who: 'ffmpeg',
      sdp: FFMPEG,
      audio: 111,
      video: [106, 105],
      encodings: [{ ssrc: 4002, rtx: { ssrc: 4003 } }],
      setup: 'active',
    },
    {
      who: 'GStreamer',
      sdp: GSTREAMER,
      audio: 98,
      video: [96, 97],
      encodings: [{ ssrc: 5001, rtx: { ssrc: 5002 } }],
      setup: 'passive',
    },
  ])('of $who', ({ sdp, audio, video, encodings, setup }) => {
    const { planned, parsed, offer, answer } = answerTo(sdp);
    const [sound, picture] = planned;
    expect(sound!.rtpParameters.codecs.map(({ payloadType }) => payloadType)).toEqual([audio]);
    expect(picture!.rtpParameters.codecs.map(({ payloadType }) => payloadType)).toEqual(video);
    expect(picture!.rtpParameters.encodings).toMatchObject(encodings);
    expect(parsed.media.map(({ type, mid }) => [type, String(mid)])).toEqual(
      offer.media.map(({ line, mid }) => [line.type, mid]),
    );
    for (const media of parsed.media.filter(({ port }) => port !== 0))
      expect(media).toMatchObject({ direction: 'recvonly', setup, rtcpMux: 'rtcp-mux', iceUfrag: 'ours' });
    expect(answer.match(/a=rtcp-mux-only/g)).toHaveLength(planned.length);
  });

  test('a data channel is refused and left out of the bundle', () => {
    const { parsed } = answerTo(FIREFOX);
    expect(parsed.media[2]).toMatchObject({ type: 'application', port: 0, direction: 'inactive' });
    expect(parsed.groups).toEqual([{ type: 'BUNDLE', mids: '0 1' }]);
  });

  test('who sends sound alone, or a picture alone, is taken', () => {
    const alone = (kind: string) => OBS.replace(new RegExp(`m=${kind}[^]*?(?=m=|$)`), '');
    expect(answerTo(alone('video')).planned.map(({ kind }) => kind)).toEqual(['audio']);
    expect(answerTo(alone('audio')).planned.map(({ kind }) => kind)).toEqual(['video']);
  });

  test('the answer to simulcast receives what was sent', () => {
    const { answer } = answerTo(CHROME);
    expect(answer).toContain('a=rid:q recv\r\na=rid:h recv\r\na=rid:f recv\r\na=simulcast:recv q;h;f\r\n');
    expect(answer).toContain('a=rtcp-fb:106 transport-cc\r\n');
    expect(answer).not.toContain('goog-remb');
    expect(answer).not.toContain('video-orientation');
    expect(answer).toContain('typ host tcptype passive\r\n');
  });

  test.each([
    [
      ['f', 'h', 'q'],
      ['q', 'h', 'f'],
    ],
    [
      ['0', '1', '2'],
      ['2', '1', '0'],
    ],
    [
      ['r0', 'r1'],
      ['r0', 'r1'],
    ],
    [
      ['hi', 'lo'],
      ['lo', 'hi'],
    ],
    [
      ['x', 'a'],
      ['x', 'a'],
    ],
  ])('%j from small to large', (given, ordered) => {
    expect(orderRids(given)).toEqual(ordered);
  });
});

/** The offer with a second m-line of that kind, in the bundle too. */
function twice(offer: string, kind: 'audio' | 'video'): string {
  const section = new RegExp(`m=${kind}[^]*?(?=m=|$)`).exec(offer)![0];
  const second = section.replace(/a=mid:.*/, 'a=mid:2').replace(/a=ssrc:\d+/g, 'a=ssrc:3099');
  return offer.replace('BUNDLE 0 1', 'BUNDLE 0 1 2') + second;
}

describe('what is refused', () => {
  test.each([
    ['nothing', '', 'bad-sdp'],
    ['JSON', '{"type":"offer"}', 'bad-sdp'],
    ['no media', 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n', 'bad-sdp'],
    ['two media of one mid', CHROME.replace('a=mid:1', 'a=mid:0'), 'bad-sdp'],
    ['no ICE', OBS.replace(/a=ice-pwd.*\r\n/, ''), 'unacceptable-sdp'],
    ['a short password', OBS.replace(/a=ice-pwd.*/, 'a=ice-pwd:short'), 'unacceptable-sdp'],
    ['no fingerprint', OBS.replace(/a=fingerprint.*\r\n/, ''), 'unacceptable-sdp'],
    ['SHA-1', OBS.replace('sha-256', 'sha-1'), 'unacceptable-sdp'],
    ['a cut fingerprint', OBS.replace(/(a=fingerprint.*):..\r/, '$1\r'), 'unacceptable-sdp'],
    ['holdconn', OBS.replace('setup:actpass', 'setup:holdconn'), 'unacceptable-sdp'],
    ['no BUNDLE', OBS.replace('BUNDLE 0 1', 'BUNDLE 0'), 'unacceptable-sdp'],
    ['no rtcp-mux', OBS.replace('a=rtcp-mux\r\n', ''), 'unacceptable-sdp'],
    ['nothing sent', OBS.replaceAll('sendonly', 'recvonly'), 'unacceptable-sdp'],
    ['codecs that nobody plays', OBS.replace('H264/', 'H265/').replace('opus/', 'PCMU/'), 'unknown-codecs'],
    ['a picture that nobody plays', OBS.replace('H264/', 'H265/'), 'unknown-codecs'],
    ['sound that nobody plays', OBS.replace('opus/', 'PCMU/'), 'unknown-codecs'],
    [
      'H.264 in single packets only',
      OBS.replace('packetization-mode=1', 'packetization-mode=0'),
      'unknown-codecs',
    ],
    ['two pictures', twice(OBS, 'video'), 'unacceptable-sdp'],
    ['two sounds', twice(OBS, 'audio'), 'unacceptable-sdp'],
    [
      'a picture that is only received',
      OBS.replace(/(m=video[^]*)sendonly/, '$1recvonly'),
      'unacceptable-sdp',
    ],
    ['an inactive sound', OBS.replace('sendonly', 'inactive'), 'unacceptable-sdp'],
    ['packets of nobody', OBS.replaceAll(/a=ssrc:.*\r\n/g, ''), 'unacceptable-sdp'],
  ])('%s', (_, sdp, code) => {
    expect(() => planPublication(readOffer(sdp))).toThrow(expect.objectContaining({ code }));
  });
});

describe('an ICE fragment', () => {
  const login = 'a=ice-ufrag:Ufr4\r\na=ice-pwd:0123456789abcdefABCDEFgh\r\n';
  const candidate = 'a=candidate:1 1 udp 2130706431 10.0.0.9 5000 typ host\r\n';

  test('of a client is read', () => {
    const media = `m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n${candidate}a=end-of-candidates\r\n`;
    expect(readIceFragment(login + media)).toMatchObject({ credentials: { ufrag: 'Ufr4' }, candidates: 1 });
  });

  test('of ours speaks for the bundle, below its first m-line, as the answer did', () => {
    const { answer } = answerTo(GSTREAMER);
    const lines = writeIceFragment(answer, TRANSPORT).split('\r\n');
    const at = (start: string) => lines.findIndex((line) => line.startsWith(start));
    expect(lines.slice(0, at('m='))).toEqual([
      'a=ice-lite',
      'a=ice-options:trickle',
      'a=group:BUNDLE video0 audio1',
    ]);
    expect(lines.slice(at('m='), at('a=candidate'))).toEqual([
      'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
      'a=mid:video0',
      'a=ice-ufrag:ours',
      'a=ice-pwd:ours-too',
    ]);
    expect(lines.slice(-2)).toEqual(['a=end-of-candidates', '']);
    for (const option of lines.slice(0, 3)) expect(answer.split('m=')[0]).toContain(`${option}\r\n`);
  });

  test.each([
    ['nothing', '', 'unacceptable-sdp'],
    ['no password', 'a=ice-ufrag:Ufr4\r\n', 'unacceptable-sdp'],
    ['no lines', `${login}hello\r\n`, 'bad-sdp'],
    [
      'a candidate that is none',
      `${login}m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:nonsense\r\n`,
      'bad-sdp',
    ],
    ['a whole offer', OBS, 'bad-sdp'],
  ])('is refused: %s', (_, text, code) => {
    expect(() => readIceFragment(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('what a player is sent', () => {
  const player = (sdp: string) => readOffer(sdp.replaceAll('sendonly', 'recvonly'));

  test.each([
    { who: 'Chromium', sdp: CHROME, numbers: { opus: 111, h264: 106, vp8: 96 }, rtx: { 106: 107, 96: 97 } },
    {
      who: 'Firefox',
      sdp: FIREFOX,
      numbers: { opus: 109, h264: 126, vp8: 120 },
      rtx: { 126: 127, 120: 124 },
    },
    { who: 'GStreamer', sdp: GSTREAMER, numbers: { opus: 98, vp8: 96 }, rtx: { 96: 97 } },
    { who: 'OBS', sdp: OBS, numbers: { opus: 111, h264: 96 }, rtx: {} },
  ])('goes by the numbers of $who', ({ sdp, numbers, rtx }) => {
    const plan = planPlayback(player(sdp));
    const full = mediasoupOrtc.generateRouterRtpCapabilities(dialectCodecs(plan.dialect));
    const codecs = playbackCapabilities(full, plan).codecs ?? [];
    const ofRtx = codecs.filter(({ mimeType }) => mimeType === 'video/rtx');
    expect(
      Object.fromEntries(
        codecs
          .filter((codec) => !ofRtx.includes(codec))
          .map(({ mimeType, preferredPayloadType }) => [
            mimeType.toLowerCase().replace(/^.*\//, ''),
            preferredPayloadType,
          ]),
      ),
    ).toEqual(numbers);
    expect(
      Object.fromEntries(
        ofRtx.map(({ parameters, preferredPayloadType }) => [parameters?.apt, preferredPayloadType]),
      ),
    ).toEqual(rtx);
  });

  test.each([
    // 100 is what H.264's repeating packets get.
    { dialect: { opus: 111, h264: 106, vp8: 100 }, names: ['audio/opus', 'video/H264'], rtx: [100] },
    // H.264's own wish would use up VP8's number: then it goes without.
    {
      dialect: { h264: 126, vp8: 120, rtx: { h264: 127 } },
      names: ['video/H264', 'video/VP8'],
      rtx: [100, 101],
    },
    // A number that mediasoup never gives.
    { dialect: { h264: 106, rtx: { h264: 35 } }, names: ['video/H264'], rtx: [100] },
    { dialect: { vp8: 96, rtx: { vp8: 102 } }, names: ['video/VP8'], rtx: [102] },
  ])('$dialect is arranged as far as it can be', ({ dialect, names, rtx }) => {
    const { codecs = [] } = mediasoupOrtc.generateRouterRtpCapabilities(dialectCodecs(dialect));
    const opus = 'opus' in dialect ? dialect.opus : undefined;
    // The first of the sound's entries is the one that is asked for.
    const sounds = codecs.filter(({ kind }) => kind === 'audio');
    expect(sounds[0]?.preferredPayloadType === opus || opus === undefined).toBe(true);
    const pictures = codecs.filter(({ kind, mimeType }) => kind === 'video' && mimeType !== 'video/rtx');
    expect([...(opus ? ['audio/opus'] : []), ...pictures.map(({ mimeType }) => mimeType)]).toEqual(names);
    const repeating = codecs.filter(({ mimeType }) => mimeType === 'video/rtx');
    expect(repeating.map(({ preferredPayloadType }) => preferredPayloadType)).toEqual(rtx);
  });

  test('is nothing to whoever only sends', () => {
    const refusal = (code: string) => expect.objectContaining({ code }) as unknown as Error;
    expect(() => planPlayback(readOffer(OBS))).toThrow(refusal('unacceptable-sdp'));
    const inactive = OBS.replaceAll('sendonly', 'inactive');
    expect(() => planPlayback(readOffer(inactive))).toThrow(refusal('unacceptable-sdp'));
    const foreign = player(OBS.replace('H264/', 'H265/').replace('opus/', 'PCMU/'));
    expect(() => planPlayback(foreign)).toThrow(refusal('unknown-codecs'));
  });

  const published = (
    peerId: string,
    kind: 'audio' | 'video',
    source: ProducerInfo['source'],
  ): ProducerInfo => {
    return { producerId: `${peerId}-${source}`, peerId, kind, source, paused: false };
  };
  const all = [
    published('host', 'audio', 'microphone'),
    published('host', 'video', 'camera'),
    published('guest', 'audio', 'microphone'),
    published('guest', 'video', 'camera'),
    published('host', 'video', 'screen'),
  ];

  test.each([
    { shown: [{ peerId: 'guest', source: 'camera' as const }], played: ['guest-camera', 'guest-microphone'] },
    { shown: [{ peerId: 'host', source: 'screen' as const }], played: ['host-screen', 'host-microphone'] },
    { shown: [], played: ['host-screen', 'host-microphone'] },
  ])('is the large picture and its sound: $played', ({ shown, played }) => {
    expect(choosePlayed(all, shown).map(({ producerId }) => producerId)).toEqual(played);
  });
});

test('whatever is done to an offer, it is taken or refused by name', () => {
  const roll = dice(9725);
  const refusals = new Map<string, number>();
  const run = (task: () => void) => {
    try {
      task();
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      refusals.set(error.code, (refusals.get(error.code) ?? 0) + 1);
    }
  };
  for (let n = 0; n < 10_000; n += 1) {
    const text = mutate([CHROME, FIREFOX, OBS, FFMPEG, GSTREAMER][n % 5]!, roll);
    run(() => answerTo(text));
    run(() => planPlayback(readOffer(text.replaceAll('sendonly', 'recvonly'))));
    run(() => readIceFragment(text));
  }
  expect([...refusals.keys()].sort()).toEqual(['bad-sdp', 'unacceptable-sdp', 'unknown-codecs']);
});
