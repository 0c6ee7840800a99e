ALTER TABLE `broadcasts` ADD `recorded_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `broadcasts_visibility` ON `broadcasts` (`visibility`,`id`);