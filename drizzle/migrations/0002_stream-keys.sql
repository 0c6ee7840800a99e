CREATE TABLE `stream_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`key_hash` text NOT NULL,
	`account_id` text NOT NULL,
	`broadcast_id` text,
	`created_at` text NOT NULL,
	`ended_at` text,
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `stream_keys_key_hash_unique` ON `stream_keys` (`key_hash`);--> statement-breakpoint
CREATE INDEX `stream_keys_account` ON `stream_keys` (`account_id`,`broadcast_id`);