import type { AnswerOf } from './ask.ts';
import type { Api } from './client.ts';

type Routes = Api['api'];
type Told<Route extends (...args: never[]) => unknown> = AnswerOf<Awaited<ReturnType<Route>>>;

/** What the API tells, as its own routes declare it: nothing here is written twice. */
export type Broadcast = Told<Routes['broadcasts']['$get']>['broadcasts'][number];
export type Run = Told<Routes['runs']['$get']>['items'][number];
export type Session = Run['sessions'][number];
export type Programme = Told<Routes['programmes']['$get']>['items'][number];
export type MyLearning = Told<Routes['me']['learning']['$get']>;
export type MyClass = MyLearning['upcoming'][number];
export type Video = Told<Routes['videos']['$get']>['videos'][number];
