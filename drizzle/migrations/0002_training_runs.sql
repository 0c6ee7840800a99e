CREATE TABLE `attendance_refusals` (
	`session_id` text NOT NULL,
	`person_id` text NOT NULL,
	`reason` text NOT NULL,
	`conflicting_attendance_id` text NOT NULL,
	`effective_seconds` integer NOT NULL,
	`refused_at` text NOT NULL,
	PRIMARY KEY(`session_id`, `person_id`),
	FOREIGN KEY (`session_id`) REFERENCES `training_sessions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `enrolments` ADD `assisted_reason` text;--> statement-breakpoint
ALTER TABLE `run_programmes` ADD `fit` text NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `closed_at` text;--> statement-breakpoint
CREATE INDEX `runs_trainer` ON `runs` (`trainer_account_id`);--> statement-breakpoint
CREATE INDEX `courses_owner` ON `courses` (`owner_account_id`);--> statement-breakpoint
CREATE INDEX `attendances_person` ON `attendances` (`person_id`);