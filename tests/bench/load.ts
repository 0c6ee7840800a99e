import autocannon, { type Request } from 'autocannon';

const CONNECTIONS = 10;

/**
 * Asks over ten connections, each request made anew by `next`, for `seconds` or until `amount` are answered.
 * Requests a second; throws when one is refused, because a refusal is quicker than the work.
 */
export async function measureRate(
  url: string,
  until: { seconds: number } | { amount: number },
  next: () => Request,
): Promise<number> {
  const setupRequest = (request: Request) => Object.assign(request, next());
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    sampleInt: 20,
    ...('seconds' in until ? { duration: until.seconds } : { amount: until.amount }),
    requests: [{ setupRequest }],
  });
  const refused = result.non2xx + result.errors + result.timeouts;
  if (refused > 0) throw new Error(`${url} refused ${refused} requests beside ${result['2xx']} answered`);
  return result['2xx'] / result.duration;
}

/** A JSON write as a request to be sent. */
export function post(path: string, body: unknown, headers: Record<string, string> = {}): Request {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
