CREATE TABLE `video_subtitles` (
	`video_id` text NOT NULL,
	`language` text NOT NULL,
	`version` integer NOT NULL,
	`cues` integer NOT NULL,
	PRIMARY KEY(`video_id`, `language`),
	FOREIGN KEY (`video_id`) REFERENCES `videos`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `videos` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`state` text NOT NULL,
	`visibility` text NOT NULL,
	`region_code` text NOT NULL,
	`owner_account_id` text NOT NULL,
	`created_at` text NOT NULL,
	`changed_at` text NOT NULL,
	`byte_length` integer NOT NULL,
	`priority` integer DEFAULT 0 NOT NULL,
	`progress` integer DEFAULT 0 NOT NULL,
	`reason` text,
	`facts` text
);
--> statement-breakpoint
CREATE INDEX `videos_queue` ON `videos` (`state`,`priority`,`id`);--> statement-breakpoint
CREATE INDEX `videos_owner` ON `videos` (`owner_account_id`,`id`);--> statement-breakpoint
CREATE INDEX `videos_visibility` ON `videos` (`visibility`,`state`,`id`);