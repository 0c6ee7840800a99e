CREATE TABLE `attendance_evidence` (
	`attendance_id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`run_id` text NOT NULL,
	`person_id` text NOT NULL,
	`method` text NOT NULL,
	`occurred_at` text NOT NULL,
	`recorded_at` text NOT NULL,
	`voided_at` text
);
--> statement-breakpoint
CREATE INDEX `attendance_evidence_run` ON `attendance_evidence` (`run_id`);--> statement-breakpoint
CREATE TABLE `evidence_progress` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`fact_recorded_at` text NOT NULL,
	`applied_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `indicator_targets` (
	`programme_id` text NOT NULL,
	`indicator_code` text NOT NULL,
	`scope` text NOT NULL,
	`value` real,
	`value_by_county` text,
	`operator` text NOT NULL,
	`clause` text NOT NULL,
	`note` text,
	`due_on` text NOT NULL,
	PRIMARY KEY(`programme_id`, `indicator_code`),
	FOREIGN KEY (`programme_id`) REFERENCES `programmes`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `run_evidence` (
	`run_id` text PRIMARY KEY NOT NULL,
	`region_code` text NOT NULL,
	`level` text NOT NULL,
	`required_sessions` integer NOT NULL,
	`programme_ids` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `run_evidence_region` ON `run_evidence` (`region_code`);--> statement-breakpoint
CREATE TABLE `survey_evidence` (
	`answer_id` text PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`person_id` text NOT NULL,
	`overall` integer NOT NULL,
	`method` text NOT NULL,
	`occurred_at` text NOT NULL,
	`recorded_at` text NOT NULL,
	`voided_at` text
);
--> statement-breakpoint
CREATE INDEX `survey_evidence_run` ON `survey_evidence` (`run_id`);--> statement-breakpoint
CREATE TABLE `verification_evidence` (
	`person_id` text PRIMARY KEY NOT NULL,
	`verified_at` text NOT NULL
);
