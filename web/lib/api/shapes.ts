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
/** What a trainee is told after signing in or out. */
export type Signed = Told<Routes['sign-in']['$post']>;
/** What the trainer's screen shows. */
export type SignInScreen = Told<Routes['sessions'][':id']['sign-in']['$get']>;
export type RollLine = Told<Routes['sessions'][':id']['roll']['$get']>['items'][number];
export type RosterMark = Told<Routes['runs'][':id']['roster']['$get']>['items'][number]['marks'][number];
/** A sheet of paper as it is printed, and what was entered from it. */
export type Sheet = Told<Routes['sheets'][':code']['$get']>;
export type CoursePage = Told<Routes['courses'][':id']['$get']>;
export type LessonPage = Told<Routes['courses'][':id']['lessons'][':key']['open']['$post']>;
export type LessonStep = CoursePage['lessons'][number];
export type CourseDraft = Told<Routes['courses'][':id']['draft']['$get']>;
