/** The part of autocannon that the bench uses; the package brings no types. */
declare module 'autocannon' {
  export interface Request {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: string;
  }
  export interface Result {
    duration: number;
    errors: number;
    timeouts: number;
    non2xx: number;
    '2xx': number;
  }
  export interface Options {
    url: string;
    connections: number;
    duration?: number;
    amount?: number;
    /** Milliseconds between looks at whether it is over: what the duration is rounded up to. */
    sampleInt?: number;
    requests: (Request & { setupRequest?: (request: Request) => Request })[];
  }
  export default function autocannon(options: Options): Promise<Result>;
}
