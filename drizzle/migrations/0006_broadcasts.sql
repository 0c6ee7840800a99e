CREATE TABLE `broadcast_windows` (
	`broadcast_id` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	PRIMARY KEY(`broadcast_id`, `started_at_ms`),
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `presence_reached` (
	`broadcast_id` text NOT NULL,
	`person_id` text NOT NULL,
	`effective_seconds` integer NOT NULL,
	`threshold_minutes` integer NOT NULL,
	`reached_at` text NOT NULL,
	PRIMARY KEY(`broadcast_id`, `person_id`),
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `presence_spans` (
	`id` text PRIMARY KEY NOT NULL,
	`broadcast_id` text NOT NULL,
	`person_id` text NOT NULL,
	`device_id` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer NOT NULL,
	`closed` integer NOT NULL,
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `presence_spans_person` ON `presence_spans` (`broadcast_id`,`person_id`);--> statement-breakpoint
CREATE TABLE `recording_inits` (
	`broadcast_id` text NOT NULL,
	`init_index` integer NOT NULL,
	`file` text NOT NULL,
	`byte_length` integer NOT NULL,
	`codecs` text NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	PRIMARY KEY(`broadcast_id`, `init_index`),
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `recording_segments` (
	`broadcast_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`discontinuity_sequence` integer NOT NULL,
	`init_index` integer NOT NULL,
	`file` text NOT NULL,
	`duration_ms` integer NOT NULL,
	`byte_length` integer NOT NULL,
	`program_date_time` text NOT NULL,
	`keyframe_aligned` integer NOT NULL,
	PRIMARY KEY(`broadcast_id`, `sequence`),
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
