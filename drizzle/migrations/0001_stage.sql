CREATE TABLE `stage_facts` (
	`broadcast_id` text NOT NULL,
	`seq` integer NOT NULL,
	`what` text NOT NULL,
	`account_id` text,
	`by_account_id` text NOT NULL,
	`layout` text,
	`source` text,
	`recorded_at` text NOT NULL,
	PRIMARY KEY(`broadcast_id`, `seq`),
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
