CREATE TABLE `replay_views` (
	`person_id` text NOT NULL,
	`session_id` text NOT NULL,
	`seen` text NOT NULL,
	`reported_at` text NOT NULL,
	`played_until` text NOT NULL,
	PRIMARY KEY(`person_id`, `session_id`),
	FOREIGN KEY (`session_id`) REFERENCES `training_sessions`(`id`) ON UPDATE no action ON DELETE no action
);
