ALTER TABLE `broadcasts` ADD `pictured_at` text;--> statement-breakpoint
ALTER TABLE `broadcasts` ADD `trim_start_ms` integer;--> statement-breakpoint
ALTER TABLE `broadcasts` ADD `trim_end_ms` integer;--> statement-breakpoint
ALTER TABLE `broadcasts` ADD `hold_reason` text;--> statement-breakpoint
ALTER TABLE `broadcasts` ADD `recording_removed_at` text;