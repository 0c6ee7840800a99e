CREATE TABLE `course_completions` (
	`id` text PRIMARY KEY NOT NULL,
	`start_id` text NOT NULL,
	`course_id` text NOT NULL,
	`course_key` text NOT NULL,
	`version` integer NOT NULL,
	`person_id` text NOT NULL,
	`occurred_at` text NOT NULL,
	`recorded_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `course_completions_start_id_unique` ON `course_completions` (`start_id`);--> statement-breakpoint
CREATE INDEX `course_completions_person` ON `course_completions` (`person_id`,`course_key`);--> statement-breakpoint
CREATE TABLE `course_draft_assets` (
	`course_id` text NOT NULL,
	`name` text NOT NULL,
	`sha256` text NOT NULL,
	`media_type` text NOT NULL,
	`byte_length` integer NOT NULL,
	PRIMARY KEY(`course_id`, `name`),
	FOREIGN KEY (`course_id`) REFERENCES `courses`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `course_starts` (
	`id` text PRIMARY KEY NOT NULL,
	`course_id` text NOT NULL,
	`version` integer NOT NULL,
	`person_id` text NOT NULL,
	`started_at` text NOT NULL,
	`last_lesson_key` text,
	`last_at` text NOT NULL,
	`completed_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `course_starts_person` ON `course_starts` (`person_id`,`course_id`,`version`);--> statement-breakpoint
CREATE INDEX `course_starts_course` ON `course_starts` (`course_id`);--> statement-breakpoint
CREATE TABLE `course_survey_answers` (
	`start_id` text NOT NULL,
	`lesson_key` text NOT NULL,
	`answers` text NOT NULL,
	`answered_at` text NOT NULL,
	PRIMARY KEY(`start_id`, `lesson_key`),
	FOREIGN KEY (`start_id`) REFERENCES `course_starts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `course_versions` (
	`course_id` text NOT NULL,
	`version` integer NOT NULL,
	`document` text NOT NULL,
	`assets` text NOT NULL,
	`content_hash` text NOT NULL,
	`published_at` text NOT NULL,
	`published_by` text NOT NULL,
	PRIMARY KEY(`course_id`, `version`),
	FOREIGN KEY (`course_id`) REFERENCES `courses`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `learners` (
	`person_id` text PRIMARY KEY NOT NULL,
	`speed` integer DEFAULT 100 NOT NULL,
	`captions` text,
	`played_until` text
);
--> statement-breakpoint
CREATE TABLE `lesson_progress` (
	`start_id` text NOT NULL,
	`lesson_key` text NOT NULL,
	`opened_at` text NOT NULL,
	`read_at` text,
	`seen` text NOT NULL,
	`length_seconds` integer DEFAULT 0 NOT NULL,
	`position` integer DEFAULT 0 NOT NULL,
	`reported_at` text,
	`best_percent` integer,
	`handed_in` integer DEFAULT false NOT NULL,
	`accepted` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`start_id`, `lesson_key`),
	FOREIGN KEY (`start_id`) REFERENCES `course_starts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `quiz_attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`start_id` text NOT NULL,
	`lesson_key` text NOT NULL,
	`ordinal` integer NOT NULL,
	`started_at` text NOT NULL,
	`answers` text NOT NULL,
	`handed_in_at` text,
	`points` integer,
	`out_of` integer,
	`percent` integer,
	FOREIGN KEY (`start_id`) REFERENCES `course_starts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `quiz_attempts_ordinal` ON `quiz_attempts` (`start_id`,`lesson_key`,`ordinal`);--> statement-breakpoint
CREATE TABLE `task_submissions` (
	`id` text PRIMARY KEY NOT NULL,
	`start_id` text NOT NULL,
	`lesson_key` text NOT NULL,
	`course_id` text NOT NULL,
	`person_id` text NOT NULL,
	`region_code` text NOT NULL,
	`ordinal` integer NOT NULL,
	`note` text NOT NULL,
	`link` text,
	`photos` text NOT NULL,
	`handed_in_at` text NOT NULL,
	`verdict` text,
	`comment` text,
	`points` text,
	`graded_at` text,
	`graded_by` text,
	FOREIGN KEY (`start_id`) REFERENCES `course_starts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `task_submissions_ordinal` ON `task_submissions` (`start_id`,`lesson_key`,`ordinal`);--> statement-breakpoint
CREATE INDEX `task_submissions_queue` ON `task_submissions` (`verdict`,`region_code`,`handed_in_at`);--> statement-breakpoint
ALTER TABLE `courses` ADD `key` text;--> statement-breakpoint
ALTER TABLE `courses` ADD `draft` text;--> statement-breakpoint
ALTER TABLE `courses` ADD `draft_revision` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `courses` ADD `published_version` integer;--> statement-breakpoint
ALTER TABLE `courses` ADD `archived_at` text;--> statement-breakpoint
ALTER TABLE `courses` ADD `adopted_from_id` text;--> statement-breakpoint
ALTER TABLE `courses` ADD `adopted_version` integer;--> statement-breakpoint
CREATE INDEX `courses_key` ON `courses` (`key`);