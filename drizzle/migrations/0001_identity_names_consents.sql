CREATE TABLE `consents` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`notice_version` text NOT NULL,
	`method` text NOT NULL,
	`given_at` text NOT NULL,
	`recorded_by` text,
	`withdrawn_at` text,
	FOREIGN KEY (`person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `consents_person` ON `consents` (`person_id`);--> statement-breakpoint
ALTER TABLE `accounts` ADD `display_name` text;--> statement-breakpoint
ALTER TABLE `one_time_codes` ADD `failed_attempts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `persons` ADD `name_hash` text;--> statement-breakpoint
CREATE INDEX `persons_name` ON `persons` (`name_hash`);