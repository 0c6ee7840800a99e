import { compile } from '@inlang/paraglide-js';
import { messageOptions } from './message-options.ts';

/** Writes `lib/paraglide` for type checks and tests, which run without Vite. Run from the repository's root. */
await compile(messageOptions);
