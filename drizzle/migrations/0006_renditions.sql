PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_recording_inits` (
	`broadcast_id` text NOT NULL,
	`rendition` text DEFAULT 'source' NOT NULL,
	`init_index` integer NOT NULL,
	`file` text NOT NULL,
	`byte_length` integer NOT NULL,
	`codecs` text NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	PRIMARY KEY(`broadcast_id`, `rendition`, `init_index`),
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_recording_inits`("broadcast_id", "rendition", "init_index", "file", "byte_length", "codecs", "width", "height") SELECT "broadcast_id", 'source', "init_index", "file", "byte_length", "codecs", "width", "height" FROM `recording_inits`;--> statement-breakpoint
DROP TABLE `recording_inits`;--> statement-breakpoint
ALTER TABLE `__new_recording_inits` RENAME TO `recording_inits`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE TABLE `__new_recording_segments` (
	`broadcast_id` text NOT NULL,
	`rendition` text DEFAULT 'source' NOT NULL,
	`sequence` integer NOT NULL,
	`discontinuity_sequence` integer NOT NULL,
	`init_index` integer NOT NULL,
	`file` text NOT NULL,
	`duration_ms` integer NOT NULL,
	`byte_length` integer NOT NULL,
	`program_date_time` text NOT NULL,
	`keyframe_aligned` integer NOT NULL,
	PRIMARY KEY(`broadcast_id`, `rendition`, `sequence`),
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_recording_segments`("broadcast_id", "rendition", "sequence", "discontinuity_sequence", "init_index", "file", "duration_ms", "byte_length", "program_date_time", "keyframe_aligned") SELECT "broadcast_id", 'source', "sequence", "discontinuity_sequence", "init_index", "file", "duration_ms", "byte_length", "program_date_time", "keyframe_aligned" FROM `recording_segments`;--> statement-breakpoint
DROP TABLE `recording_segments`;--> statement-breakpoint
ALTER TABLE `__new_recording_segments` RENAME TO `recording_segments`;