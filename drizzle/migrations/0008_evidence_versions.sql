CREATE TABLE `run_evidence_versions` (
	`run_id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `attendance_refusals` ADD `occurred_at` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `attendance_evidence_person` ON `attendance_evidence` (`person_id`);