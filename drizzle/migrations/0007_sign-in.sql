CREATE TABLE `attendance_flags` (
	`session_id` text NOT NULL,
	`person_id` text NOT NULL,
	`kind` text NOT NULL,
	`amount` integer,
	`raised_at` text NOT NULL,
	PRIMARY KEY(`session_id`, `person_id`, `kind`),
	FOREIGN KEY (`session_id`) REFERENCES `training_sessions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `sheet_photos` (
	`id` text PRIMARY KEY NOT NULL,
	`sheet_id` text NOT NULL,
	`media_type` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`sha256` text NOT NULL,
	`taken_in_at` text NOT NULL,
	`taken_in_by` text NOT NULL,
	FOREIGN KEY (`sheet_id`) REFERENCES `sign_in_sheets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sheet_photos_content` ON `sheet_photos` (`sheet_id`,`sha256`);--> statement-breakpoint
CREATE TABLE `sign_in_sheets` (
	`id` text PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`session_id` text NOT NULL,
	`person_ids` text NOT NULL,
	`printed_at` text NOT NULL,
	`printed_by` text NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `training_sessions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sign_in_sheets_code` ON `sign_in_sheets` (`code`);--> statement-breakpoint
CREATE INDEX `sign_in_sheets_session` ON `sign_in_sheets` (`session_id`);--> statement-breakpoint
CREATE TABLE `signings` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`person_id` text NOT NULL,
	`kind` text NOT NULL,
	`method` text NOT NULL,
	`signed_at` text NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`device_hash` text,
	`sheet_photo_id` text,
	`assist_sealed` text,
	`voided_at` text,
	FOREIGN KEY (`session_id`) REFERENCES `training_sessions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `signings_standing` ON `signings` (`session_id`,`person_id`,`kind`) WHERE voided_at IS NULL;--> statement-breakpoint
CREATE INDEX `signings_device` ON `signings` (`session_id`,`device_hash`);--> statement-breakpoint
CREATE INDEX `signings_person` ON `signings` (`person_id`);--> statement-breakpoint
ALTER TABLE `attendance_refusals` ADD `method` text DEFAULT 'live-presence' NOT NULL;--> statement-breakpoint
ALTER TABLE `attendance_refusals` ADD `recorded_by` text DEFAULT 'hub' NOT NULL;--> statement-breakpoint
ALTER TABLE `attendance_refusals` ADD `present_from` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `attendance_refusals` ADD `present_until` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `attendances` ADD `present_from` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `attendances` ADD `present_until` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `training_sessions` ADD `asks_sign_out` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `training_sessions` ADD `replay_counts` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `training_sessions` ADD `latitude` real;--> statement-breakpoint
ALTER TABLE `training_sessions` ADD `longitude` real;--> statement-breakpoint
UPDATE `attendances` SET `present_until` = `occurred_at`, `present_from` = strftime('%Y-%m-%dT%H:%M:%fZ', `occurred_at`, '-' || `effective_seconds` || ' seconds') WHERE `present_from` = '';--> statement-breakpoint
UPDATE `attendance_refusals` SET `present_until` = `occurred_at`, `present_from` = strftime('%Y-%m-%dT%H:%M:%fZ', `occurred_at`, '-' || `effective_seconds` || ' seconds') WHERE `present_from` = '' AND `occurred_at` <> '';
