import { describe, expect, it } from 'vitest';
import { decideConfig } from '../../server/platform/config.ts';
import { EnvironmentError, readEnvironment } from '../../server/platform/env.ts';
import { readOptions } from '../../server/platform/options.ts';

const decide = (env: Record<string, string>, demo = false) => decideConfig(readEnvironment(env), { demo });

describe('the environment', () => {
  it('has defaults that serve a county on one machine', () => {
    expect(decide({})).toMatchObject({ port: 3000, host: '127.0.0.1', presencePingSeconds: 20, demo: false });
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', 'eighty'],
    ['PUBLIC_ORIGIN', 'hub.example.cn'],
    ['TRUST_PROXY', 'perhaps'],
    ['PRESENCE_PING_SECONDS', '0'],
    ['HLS_RENDITIONS', '480'],
    ['HLS_RENDITIONS', '480p;240p'],
    ['HLS_RENDITIONS', '2160p'],
    ['HLS_RENDITIONS', '720p,480p,360p,240p'],
  ])('stops the boot with the name of a wrong variable: %s=%s', (name, value) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(EnvironmentError);
    expect(() => readEnvironment({ [name]: value })).toThrow(new RegExp(name));
  });

  it('says what is wrong with a smaller picture that cannot be made', () => {
    expect(() => readEnvironment({ HLS_RENDITIONS: '480p,huge' })).toThrow(
      /HLS_RENDITIONS.*not like 480p \(lines of the picture, 100 to 1080\)/s,
    );
    expect(() => readEnvironment({ HLS_RENDITIONS: '720p,480p,360p,240p' })).toThrow(
      /HLS_RENDITIONS.*three at most/s,
    );
    expect(decide({ HLS_RENDITIONS: '240p, 480p,240p' }).media.renditions).toEqual(['480p', '240p']);
  });

  it('treats an empty variable as absent', () => {
    expect(decide({ PORT: '' }).port).toBe(3000);
  });

  it('wants both halves of TLS, and files that exist', () => {
    expect(() => decide({ TLS_CERT: '/nowhere.pem' })).toThrow(/TLS_CERT and TLS_KEY/);
    expect(() => decide({ TLS_CERT: '/nowhere.pem', TLS_KEY: '/nowhere.key' })).toThrow(
      /no file \/nowhere.pem/,
    );
  });

  it('serves the sample beyond loopback only with a password of its own', () => {
    expect(() => decide({ HOST: '0.0.0.0' }, true)).toThrow(/DEMO_PASSWORD/);
    expect(decide({ HOST: '0.0.0.0', DEMO_PASSWORD: 'something-else' }, true).demo).toBe(true);
    expect(decide({ HOST: '::1' }, true).demo).toBe(true);
    expect(() => decide({ TRUST_PROXY: '1' }, true)).toThrow(/DEMO_PASSWORD/);
    expect(() => decide({ PUBLIC_ORIGIN: 'https://hub.example.cn' }, true)).toThrow(/DEMO_PASSWORD/);
  });
});

describe('the command line', () => {
  it('is read, and refused where it says something unknown', () => {
    expect(readOptions([])).toEqual({ demo: false, development: false });
    expect(readOptions(['--demo'])).toEqual({ demo: true, development: false });
    expect(() => readOptions(['--dmeo'])).toThrow(/--dmeo.*Known options: --demo/s);
    expect(() => readOptions(['demo'])).toThrow(EnvironmentError);
  });
});
