import { serveHub } from '../../support/serve-hub.ts';
import { serveBareRoutes } from '../bare/serve-routes.ts';
import { byTurns, median, type Measure } from '../comparison.ts';
import { measureRate, post } from '../load.ts';
import { addressOf, PASSWORD, registerTrainees } from '../people.ts';

const ACCOUNTS = 40;
const ROUNDS = 3;
const SECONDS = 3;

/** Sign-ins with the right password, from many addresses, the limits on guessing in force. */
export const measureSignIn: Measure = async (tell) => {
  const hub = await serveHub({ env: { TRUST_PROXY: '1' } });
  try {
    const bare = await serveBareRoutes();
    try {
      const trainees = await registerTrainees(hub.origin, ACCOUNTS);
      let made = 0;
      const signIn = () => {
        const number = made++;
        const { username } = trainees[number % trainees.length]!;
        const address = { 'x-forwarded-for': addressOf(number) };
        return post('/api/auth/login', { username, password: PASSWORD }, address);
      };
      const bareRequest = (path: string) => () => post(path, { username: 'bench', password: PASSWORD });
      const turns = {
        hub: () => measureRate(hub.origin, { seconds: SECONDS }, signIn),
        argon2: () => measureRate(bare.origin, { seconds: SECONDS }, bareRequest('/argon2')),
        nothing: () => measureRate(bare.origin, { seconds: SECONDS }, bareRequest('/nothing')),
      };
      await measureRate(hub.origin, { seconds: 1 }, signIn);
      await measureRate(bare.origin, { seconds: 1 }, bareRequest('/argon2'));
      const rates = await byTurns(ROUNDS, turns);
      tell(`sign-in ${rates.hub.map(Math.round).join(', ')} requests/s`);
      return [
        {
          what: 'Sign-in',
          unit: 'requests/s',
          hub: median(rates.hub),
          bare: [
            { what: 'Hono route that verifies argon2id', value: median(rates.argon2) },
            { what: 'Hono route that does nothing', value: median(rates.nothing) },
          ],
        },
      ];
    } finally {
      await bare.close();
    }
  } finally {
    await hub.close();
  }
};
