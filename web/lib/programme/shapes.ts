import type { AnswerOf } from '#lib/api/ask.ts';
import type { Api } from '#lib/api/client.ts';

/** The figures as the API tells them. */
export type IndicatorPage = AnswerOf<
  Awaited<ReturnType<Api['api']['programmes'][':id']['indicators']['$get']>>
>;
export type Indicator = IndicatorPage['indicators'][number];
export type CountyFigure = NonNullable<Indicator['counties']>[number];
