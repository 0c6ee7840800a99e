CREATE TABLE `person_audiences` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`audience` text NOT NULL,
	`since` text,
	`until` text,
	`source` text NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text,
	`voided_at` text,
	`voided_by` text,
	FOREIGN KEY (`person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `person_audiences_person` ON `person_audiences` (`person_id`);--> statement-breakpoint
CREATE INDEX `person_audiences_recorded` ON `person_audiences` (`recorded_at`);--> statement-breakpoint
CREATE TABLE `person_merges` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`into_person_id` text NOT NULL,
	`reason` text NOT NULL,
	`merged_at` text NOT NULL,
	`merged_by` text NOT NULL,
	`undone_at` text,
	`undone_by` text,
	FOREIGN KEY (`person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`into_person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `person_merges_standing` ON `person_merges` (`person_id`) WHERE undone_at IS NULL;--> statement-breakpoint
CREATE INDEX `person_merges_into` ON `person_merges` (`into_person_id`);--> statement-breakpoint
CREATE TABLE `import_rows` (
	`import_id` text NOT NULL,
	`number` integer NOT NULL,
	`cells_sealed` text NOT NULL,
	`skipped` integer NOT NULL,
	PRIMARY KEY(`import_id`, `number`),
	FOREIGN KEY (`import_id`) REFERENCES `imports`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `imports` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`target` text NOT NULL,
	`region_code` text NOT NULL,
	`account_id` text NOT NULL,
	`file_hash` text NOT NULL,
	`state` text NOT NULL,
	`head` text NOT NULL,
	`mapping` text NOT NULL,
	`created_at` text NOT NULL,
	`done_at` text,
	`result` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `imports_done` ON `imports` (`kind`,`target`,`file_hash`) WHERE state = 'done';--> statement-breakpoint
CREATE INDEX `imports_created` ON `imports` (`created_at`);--> statement-breakpoint
ALTER TABLE `persons` ADD `merged_into` text;--> statement-breakpoint
CREATE INDEX `persons_merged` ON `persons` (`merged_into`) WHERE merged_into IS NOT NULL;--> statement-breakpoint
ALTER TABLE `regions` ADD `out_of_poverty` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `regions` ADD `out_of_poverty_on` text;--> statement-breakpoint
INSERT INTO `person_audiences` (`id`, `person_id`, `audience`, `source`, `recorded_at`, `recorded_by`)
SELECT lower(hex(randomblob(16))), `persons`.`id`, `each`.`value`, 'registration', `persons`.`created_at`, `persons`.`created_by`
FROM `persons`, json_each(`persons`.`audiences`) AS `each`;
