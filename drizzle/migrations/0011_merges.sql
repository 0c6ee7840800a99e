CREATE TABLE `persons_apart` (
	`person_id` text NOT NULL,
	`other_person_id` text NOT NULL,
	`said_at` text NOT NULL,
	`said_by` text NOT NULL,
	PRIMARY KEY(`person_id`, `other_person_id`),
	FOREIGN KEY (`person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`other_person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `merge_evidence` (
	`merge_id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`into_person_id` text NOT NULL,
	`merged_at` text NOT NULL,
	`undone_at` text
);
--> statement-breakpoint
CREATE INDEX `merge_evidence_person` ON `merge_evidence` (`person_id`);--> statement-breakpoint
CREATE INDEX `merge_evidence_into` ON `merge_evidence` (`into_person_id`);